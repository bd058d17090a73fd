//! Pictures as PNG: an SVG drawn with the fonts of the system.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

/// Pixels of the PNG for one of the SVG, so that it is sharp on screens and in print.
const SCALE: f32 = 2.0;

/// What `sans-serif` stands for, the first that there is.
const FONTS: [&str; 6] = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Helvetica", "Arial", "Segoe UI"];

/// The bytes of a PNG file.
///
/// # Errors
/// One sentence when there are no fonts, without which a picture has no words, or the picture cannot be drawn.
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let mut options = Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    let sans_serif = sans_serif(fonts).ok_or("no fonts are installed, and a PNG draws its words with them")?;
    fonts.set_sans_serif_family(sans_serif);
    let tree = Tree::from_str(svg, &options).map_err(|e| e.to_string())?;
    let [width, height] = [tree.size().width(), tree.size().height()].map(|x| (SCALE * x).ceil() as u32);
    let mut pixels = Pixmap::new(width, height).ok_or("the picture has no size")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| e.to_string())
}

fn sans_serif(fonts: &Database) -> Option<String> {
    let families = || fonts.faces().flat_map(|face| &face.families).map(|(family, _)| family);
    let known = FONTS.iter().find_map(|font| families().find(|family| family == font));
    known.or_else(|| families().next()).cloned()
}
