//! IDX, the format of MNIST: <http://yann.lecun.com/exdb/mnist/>. Two zero bytes, one byte for the element type, one
//! for the number of axes, each axis as a big-endian u32, then the elements, big-endian, the last axis fastest.

use std::io::{self, Read};
use std::path::Path;

use super::Raw;
use super::file::{DataFile, MOST_VALUES};
use crate::diag::{Diagnostic, codes};
use crate::source::Span;

/// An element type: its byte in the header, its size, and how a run of them becomes numbers.
struct Element {
    code: u8,
    bytes: usize,
    decode: fn(&[u8]) -> Vec<f64>,
}

const ELEMENTS: &[Element] = &[
    Element { code: 0x08, bytes: 1, decode: |b| decode(b, |[x]: [u8; 1]| x.into()) },
    Element { code: 0x09, bytes: 1, decode: |b| decode(b, |x| i8::from_be_bytes(x).into()) },
    Element { code: 0x0b, bytes: 2, decode: |b| decode(b, |x| i16::from_be_bytes(x).into()) },
    Element { code: 0x0c, bytes: 4, decode: |b| decode(b, |x| i32::from_be_bytes(x).into()) },
    Element { code: 0x0d, bytes: 4, decode: |b| decode(b, |x| f32::from_be_bytes(x).into()) },
    Element { code: 0x0e, bytes: 8, decode: |b| decode(b, f64::from_be_bytes) },
];

fn decode<const N: usize>(bytes: &[u8], number: fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|chunk| number(*chunk)).collect()
}

/// Other formats that are handed in by mistake, by how they begin.
const MISTAKEN: &[(&[u8], &str)] = &[
    (&[0x1f, 0x8b], "it is gzipped twice: unpack it once"),
    (b"PK", "it is a zip archive: unpack it and name the file inside"),
    (b"\x93NUM", "it is a NumPy file: save it as CSV and read it with `csv(…)`"),
    (b"\x89PNG", "it is a PNG image: IDX holds the bare numbers of all images in one file"),
];

/// Reads an IDX file, plain or gzipped: the first axis counts the rows, the others are flattened into the width.
///
/// Errors, all at `place`: E0401 not readable; E0402 not IDX, no rows, too large, or bytes left over; E0403 too short.
pub fn read_idx(path: &Path, place: Span) -> Result<Raw, Diagnostic> {
    let file = DataFile { path, place };
    let mut idx = Idx { file, reader: file.open()? };
    let (element, axes) = idx.magic()?;
    let axes = idx.axes(axes)?;
    idx.elements(element, &axes)
}

struct Idx<'a> {
    file: DataFile<'a>,
    reader: Box<dyn Read>,
}

impl Idx<'_> {
    /// The first four bytes: the element type and the number of axes.
    fn magic(&mut self) -> Result<(&'static Element, usize), Diagnostic> {
        let bytes = self.read(4)?;
        let element = match bytes[..] {
            [0, 0, code, axes] if axes > 0 => ELEMENTS.iter().find(|e| e.code == code).map(|e| (e, usize::from(axes))),
            [] => return Err(self.file.error(codes::DATA_TRUNCATED, "is empty").help("fetch the file again")),
            _ => None,
        };
        element.ok_or_else(|| self.not_idx(&bytes))
    }

    fn not_idx(&self, bytes: &[u8]) -> Diagnostic {
        let found: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let mistaken = MISTAKEN.iter().find(|(start, _)| bytes.starts_with(start));
        let text = bytes.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
        let help = match mistaken {
            Some((_, help)) => help,
            None if text => "it looks like text: for comma-separated values write `csv(…)`",
            None => "name an IDX file, such as those of MNIST",
        };
        self.file
            .error(codes::DATA_FORMAT, format!("is not an IDX file: it begins with the bytes {}", found.join(" ")))
            .note("an IDX file begins with 00 00, one of 08 09 0b 0c 0d 0e, and the number of axes")
            .help(help)
    }

    fn axes(&mut self, count: usize) -> Result<Vec<usize>, Diagnostic> {
        let bytes = self.read(4 * count)?;
        if bytes.len() < 4 * count {
            let what =
                format!("ends inside its header: expected {} bytes for {count} axes, found {}", 4 * count, bytes.len());
            return Err(self.file.error(codes::DATA_TRUNCATED, what).help("fetch the file again"));
        }
        Ok(bytes.as_chunks().0.iter().map(|axis| u32::from_be_bytes(*axis) as usize).collect())
    }

    fn elements(&mut self, element: &Element, axes: &[usize]) -> Result<Raw, Diagnostic> {
        let shape = axes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ");
        let count = axes.iter().try_fold(1usize, |product, axis| product.checked_mul(*axis));
        let count = count.filter(|n| *n <= MOST_VALUES).ok_or_else(|| self.too_large(&shape))?;
        if count == 0 {
            return Err(self
                .file
                .error(codes::DATA_FORMAT, format!("holds no numbers: its shape is {shape}"))
                .help("name a file with rows in it"));
        }
        let expected = count.saturating_mul(element.bytes);
        let bytes = self.read(expected)?;
        if bytes.len() < expected {
            let what = format!("ends too early: expected {expected} bytes for {shape} items, found {}", bytes.len());
            return Err(self
                .file
                .error(codes::DATA_TRUNCATED, what)
                .help("the file was probably not copied whole: fetch it again"));
        }
        self.nothing_left(&shape)?;
        Ok(Raw { rows: axes[0], width: count / axes[0], values: (element.decode)(&bytes) })
    }

    /// Reading to the end also makes gzip compare its checksum.
    fn nothing_left(&mut self, shape: &str) -> Result<(), Diagnostic> {
        match io::copy(&mut self.reader, &mut io::sink()) {
            Ok(0) => Ok(()),
            Ok(left) => Err(self
                .file
                .error(codes::DATA_FORMAT, format!("has {left} bytes left over after its {shape} items"))
                .help("the header and the content disagree: fetch or write the file again")),
            Err(error) => Err(self.file.failed(&error)),
        }
    }

    /// At most `count` bytes, fewer at the end of the file. Memory grows with what is there, not with what is claimed.
    fn read(&mut self, count: usize) -> Result<Vec<u8>, Diagnostic> {
        let mut bytes = vec![];
        match self.reader.by_ref().take(count as u64).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(self.file.failed(&error)),
        }
    }

    fn too_large(&self, shape: &str) -> Diagnostic {
        self.file
            .error(codes::DATA_FORMAT, format!("claims {shape} items, more than fit in memory"))
            .note(format!("one file may hold at most {MOST_VALUES} numbers"))
            .help("if the header is right, split the file")
    }
}
