//! What holds for every file, seed and label.

use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn idx_files_come_back_as_written(axes in prop::collection::vec(1u32..5, 1..4), seed in any::<u64>(), packed: bool) {
        let count: u32 = axes.iter().product();
        let numbers: Vec<f64> = epoch_order(seed, 0, count as usize).iter().map(|n| *n as f64 - 0.1).collect();
        let bytes = idx(0x0e, &axes, &numbers.iter().flat_map(|x| x.to_be_bytes()).collect::<Vec<_>>());
        let dir = folder();
        let raw = read_idx(&file(&dir, "f", &if packed { gzip(&bytes) } else { bytes }), source()).expect("a sound file");
        prop_assert_eq!(raw, Raw { rows: axes[0] as usize, width: (count / axes[0]) as usize, values: numbers });
    }

    #[test]
    fn csv_files_come_back_as_written(width in 1usize..6, cells in prop::collection::vec(-1e12..1e12, 1..40)) {
        let rows = cells.len().div_ceil(width);
        let values: Vec<f64> = cells.iter().copied().cycle().take(rows * width).collect();
        let line = |cells: Vec<String>| cells.join(",") + "\n";
        let header = line((0..width).map(|i| format!("c{i}")).collect());
        let body: String = values.chunks(width).map(|row| line(row.iter().map(f64::to_string).collect())).collect();
        prop_assert_eq!(csv_of((header + &body).as_bytes(), &[]), Ok(Raw { rows, width, values }));
    }

    /// Whatever the bytes, the readers answer; the starts lead them past the first check.
    #[test]
    fn random_bytes_are_answered(start in 0usize..4, rest in prop::collection::vec(any::<u8>(), 0..200)) {
        let starts: [&[u8]; 4] = [b"", &[0, 0, 8, 2, 0, 0, 0], &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], b"p0,p1\n"];
        let bytes = [starts[start], &rest].concat();
        let dir = folder();
        for content in [gzip(&bytes), bytes] {
            let path = file(&dir, "f", &content);
            let helped = |d: &Diagnostic| d.help.is_some() && d.primary.is_some();
            prop_assert!(read_idx(&path, source()).map_or_else(|d| helped(&d), |raw| raw.rows * raw.width == raw.values.len()));
            for picks in [&[][..], &p0_to_p1()] {
                let answer = read_csv(&path, picks, source());
                prop_assert!(answer.map_or_else(|p| p.iter().all(helped), |raw| raw.rows * raw.width == raw.values.len()));
            }
        }
    }

    #[test]
    fn the_order_of_an_epoch_is_a_permutation_that_repeats(seed: u64, epoch: u64, rows in 0usize..300, size in 1usize..50) {
        let order = epoch_order(seed, epoch, rows);
        prop_assert_eq!(&order, &epoch_order(seed, epoch, rows));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..rows).collect::<Vec<_>>());
        prop_assert_eq!(batches(&order, size).flatten().copied().collect::<Vec<_>>(), order);
    }

    #[test]
    fn seeds_and_epochs_change_the_order(seed: u64, epoch: u64) {
        let order = epoch_order(seed, epoch, 50);
        prop_assert_ne!(&order, &epoch_order(seed.wrapping_add(1), epoch, 50));
        prop_assert_ne!(&order, &epoch_order(seed, epoch.wrapping_add(1), 50));
        prop_assert_ne!(&order, &epoch_order(epoch.wrapping_add(3), seed, 50));
    }

    #[test]
    fn gathered_rows_are_the_rows_asked_for(rows in prop::collection::vec(0usize..10, 0..20), width in 1usize..4) {
        let values: Vec<usize> = (0..10 * width).collect();
        let mut out = vec![];
        gather(&values, width, &rows, &mut out);
        prop_assert!(out.chunks(width).zip(&rows).all(|(got, row)| got == &values[row * width..][..width]));
        prop_assert_eq!(out.len(), rows.len() * width);
    }

    #[test]
    fn labels_point_at_their_one(labels in prop::collection::vec(0u8..7, 1..30)) {
        let raw = Raw { rows: labels.len(), width: 1, values: labels.iter().map(|l| f64::from(*l)).collect() };
        let column = encode("y", raw, Support::OneHot, 7, source()).expect("labels in range");
        for (row, label) in labels.iter().enumerate() {
            prop_assert!(Support::OneHot.contains_row(column.row(row)) && column.row(row)[usize::from(*label)] == 1.0);
        }
    }
}
