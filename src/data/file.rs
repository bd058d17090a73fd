//! Opening data files: plain or gzipped, whatever the name says, and what to say when that fails.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, Cursor, ErrorKind, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::diag::{Code, Diagnostic, codes, paths};
use crate::source::Span;

/// The most numbers one file may hold: 8 GiB as `f64`. A file that claims or unpacks to more is refused, because
/// running out of memory ends the program without a word.
pub(super) const MOST_VALUES: usize = 1 << 30;

/// The first two bytes of a gzip member (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What stands under the place in the program that names the file.
pub(super) const READ_HERE: &str = "read here";

/// A data file and the place in the program that names it.
#[derive(Clone, Copy)]
pub(super) struct DataFile<'a> {
    pub path: &'a Path,
    pub place: Span,
}

impl DataFile<'_> {
    /// Its bytes, unpacked as they are read.
    ///
    /// Errors: E0401 when the file cannot be opened.
    pub fn open(self) -> Result<Box<dyn Read>, Diagnostic> {
        reader(self.path).map_err(|error| self.cannot_read(&error))
    }

    /// A diagnostic that begins with the file's name.
    pub fn error(self, code: Code, what: impl Display) -> Diagnostic {
        Diagnostic::new(code, format!("`{}` {what}", self.path.display())).at(self.place, READ_HERE)
    }

    /// Whether the name promises gzip and the first bytes do not keep it.
    pub fn only_named_gz(self) -> bool {
        let mut head = [0; 2];
        let read = File::open(self.path).and_then(|mut file| file.read_exact(&mut head));
        self.path.extension().is_some_and(|e| e == "gz") && read.is_ok() && head != GZIP
    }

    /// What an error while reading means: the packing is cut off or damaged, or the disk failed.
    pub fn failed(self, error: &io::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::UnexpectedEof => self
                .error(codes::DATA_TRUNCATED, "ends inside its gzip packing")
                .help("the file was probably not copied whole: fetch it again"),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => self
                .error(codes::DATA_FORMAT, format!("has a damaged gzip packing: {error}"))
                .help("fetch the file again; `gzip -t` tells whether it is sound"),
            _ => self.cannot_read(error),
        }
    }

    fn cannot_read(self, error: &io::Error) -> Diagnostic {
        let (why, help) = paths::unreadable(self.path, error);
        let error = self.error(codes::DATA_MISSING, why).help(help);
        match self.path.is_absolute() {
            true => error,
            false => error.note(format!("looked for {}", paths::absolute(self.path).display())),
        }
    }
}

fn reader(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let mut head = vec![];
    file.by_ref().take(2).read_to_end(&mut head)?;
    let gzipped = head == GZIP;
    let whole = BufReader::new(Cursor::new(head).chain(file));
    Ok(if gzipped { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}
