//! Pictures of characters: each holds 2 × 4 dots of the Braille block, so that curves and regions show in a terminal.

use super::format::significant;

/// The bit of each dot, by row and column.
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
const EMPTY: u32 = 0x2800;

/// Characters across where there is room, and beside them: numbers and the frame.
const COLUMNS: usize = 60;
const BESIDE: usize = 16;

/// How many characters across fit into a terminal of so many columns with their frame.
pub fn fitting(columns: usize) -> usize {
    columns.saturating_sub(BESIDE).clamp(COLUMNS / 4, COLUMNS)
}

/// A window of the plane as characters.
pub struct Canvas {
    across: (f64, f64),
    up: (f64, f64),
    columns: usize,
    dots: Vec<u32>,
    /// What stands in the place of dots.
    letters: Vec<Option<char>>,
}

impl Canvas {
    pub fn new(across: (f64, f64), up: (f64, f64), columns: usize, rows: usize) -> Canvas {
        Canvas { across, up, columns, dots: vec![EMPTY; columns * rows], letters: vec![None; columns * rows] }
    }

    fn rows(&self) -> usize {
        self.dots.len() / self.columns
    }

    /// How many dots there are, across and up.
    pub fn size(&self) -> (usize, usize) {
        (2 * self.columns, 4 * self.rows())
    }

    /// The point in the middle of a dot, counted from the left and from the top.
    pub fn point(&self, (i, j): (usize, usize)) -> (f64, f64) {
        let (across, down) = self.size();
        let at = |i: usize, count: usize, (low, high): (f64, f64)| low + (high - low) * (i as f64 + 0.5) / count as f64;
        (at(i, across, self.across), at(down - 1 - j, down, self.up))
    }

    /// The dot on which a point lies; `None` outside of the window.
    fn dot(&self, (x, y): (f64, f64)) -> Option<(usize, usize)> {
        let (across, down) = self.size();
        let at = |x: f64, count: usize, (low, high): (f64, f64)| {
            let share = (x - low) / (high - low);
            (0.0..=1.0).contains(&share).then(|| ((share * count as f64) as usize).min(count - 1))
        };
        Some((at(x, across, self.across)?, down - 1 - at(y, down, self.up)?))
    }

    pub fn set(&mut self, (i, j): (usize, usize)) {
        self.dots[j / 4 * self.columns + i / 2] |= DOTS[j % 4][i % 2];
    }

    pub fn plot(&mut self, point: (f64, f64)) {
        if let Some(dot) = self.dot(point) {
            self.set(dot);
        }
    }

    /// A straight line between two points, as far as it lies in the window.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (across, down) = self.size();
        let steps = 2 * (across + down);
        for k in 0..=steps {
            let t = k as f64 / steps as f64;
            self.plot((from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1)));
        }
    }

    /// A letter at a point, over whatever is drawn there.
    pub fn letter(&mut self, point: (f64, f64), letter: char) {
        if let Some((i, j)) = self.dot(point) {
            self.letters[j / 4 * self.columns + i / 2] = Some(letter);
        }
    }

    /// The picture with the ends of its axes, line after line.
    pub fn framed(&self, across: &str) -> String {
        let ends = [self.up.1, self.up.0].map(|x| significant(x, 3));
        let wide = ends.iter().map(|e| e.chars().count()).max().unwrap_or(0);
        let last = self.rows() - 1;
        let row = |j: usize| {
            let end = if j == 0 {
                &ends[0][..]
            } else if j == last {
                &ends[1][..]
            } else {
                ""
            };
            format!("  {end:>wide$} ┤{}\n", self.row(j).trim_end())
        };
        let rows: String = (0..=last).map(row).collect();
        let [left, right] = [self.across.0, self.across.1].map(|x| significant(x, 3));
        let gap = self.columns.saturating_sub(left.chars().count() + right.chars().count());
        let blank = " ".repeat(wide + 3);
        format!("{rows}{blank}└{}\n{blank} {left}{across:^gap$}{right}\n", "─".repeat(self.columns))
    }

    fn row(&self, j: usize) -> String {
        let cells = j * self.columns..(j + 1) * self.columns;
        let cell = |at: usize| match (self.letters[at], self.dots[at]) {
            (Some(letter), _) => letter,
            (None, EMPTY) => ' ',
            (None, dots) => char::from_u32(dots).unwrap_or(' '),
        };
        cells.map(cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lie_where_points_are() {
        let mut canvas = Canvas::new((0.0, 1.0), (0.0, 1.0), 2, 1);
        canvas.plot((0.0, 1.0));
        canvas.plot((1.0, 0.0));
        canvas.plot((2.0, 0.0));
        assert_eq!(canvas.row(0), "⠁⢀");
        assert_eq!((canvas.point((0, 0)), canvas.point((3, 3))), ((0.125, 0.875), (0.875, 0.125)));
    }

    #[test]
    fn lines_have_no_gaps_and_letters_stand_over_dots() {
        let mut canvas = Canvas::new((0.0, 1.0), (0.0, 1.0), 4, 2);
        canvas.line((0.0, 0.5), (1.0, 0.5));
        canvas.letter((0.0, 0.5), 'o');
        let framed = canvas.framed("n");
        let rows: Vec<&str> = framed.lines().collect();
        assert!(rows[0].ends_with("┤o⣀⣀⣀") && rows[2].ends_with("└────"), "{framed}");
    }
}
