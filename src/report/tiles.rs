//! Many small images side by side in one PNG: filters, samples.

/// Between two tiles, in pixels.
const GAP: usize = 2;
/// How many tiles stand in a row, at most.
const ACROSS: usize = 20;
/// Small images are shown larger: by a whole number, so that pixels stay pixels.
const LEAST_SIDE: usize = 48;

/// Tiles of `side × side` grey values from 0 (black) to 1 (white), on grey.
///
/// # Errors
/// One sentence when the encoder fails.
pub fn png(tiles: &[Vec<f64>], side: usize) -> Result<Vec<u8>, String> {
    let zoom = LEAST_SIDE.div_ceil(side).max(1);
    let across = tiles.len().clamp(1, ACROSS);
    let down = tiles.len().div_ceil(across);
    let pitch = side * zoom + GAP;
    let (width, height) = (across * pitch + GAP, down * pitch + GAP);
    let mut pixels = vec![128u8; width * height];
    for (at, tile) in tiles.iter().enumerate() {
        let (left, top) = (GAP + at % across * pitch, GAP + at / across * pitch);
        for y in 0..side * zoom {
            for x in 0..side * zoom {
                pixels[(top + y) * width + left + x] = grey(tile[y / zoom * side + x / zoom]);
            }
        }
    }
    encoded(&pixels, width, height)
}

fn grey(value: f64) -> u8 {
    (255.0 * value.clamp(0.0, 1.0)).round() as u8
}

fn encoded(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, String> {
    let mut file = vec![];
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|e| e.to_string())?;
    writer.write_image_data(pixels).map_err(|e| e.to_string())?;
    writer.finish().map_err(|e| e.to_string())?;
    Ok(file)
}

/// The side of a square image of so many pixels; `None` where they make none worth looking at.
pub fn side(pixels: usize) -> Option<usize> {
    let side = (pixels as f64).sqrt().round() as usize;
    (side * side == pixels && side >= 4).then_some(side)
}

/// The numbers of one tile with 0 in the middle of the greys.
pub fn about_zero(values: &[f64]) -> Vec<f64> {
    let largest = values.iter().fold(0.0, |most: f64, x| most.max(x.abs())).max(f64::MIN_POSITIVE);
    values.iter().map(|x| 0.5 + 0.5 * x / largest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_stand_where_they_belong() {
        let tiles = [vec![0.0; 16], vec![1.0; 16]];
        let file = png(&tiles, 4).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (2 * 50 + 2, 52));
        let at = |x: usize, y: usize| pixels[y * info.width as usize + x];
        assert_eq!([at(0, 0), at(2, 2), at(49, 49), at(50, 2), at(52, 2)], [128, 0, 0, 128, 255]);
        assert_eq!((side(784), side(6), side(9)), (Some(28), None, None));
    }
}
