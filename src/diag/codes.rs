//! The stable codes, one line each. A code never changes its meaning; a retired one is not given out again.

/// A stable code, such as `E0201`, with the title the reference lists it under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    pub id: &'static str,
    pub title: &'static str,
}

macro_rules! codes {
    ($($name:ident $id:literal $title:literal)*) => {
        $(pub const $name: Code = Code { id: $id, title: $title };)*
        /// Every code there is, in order.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    // E01: reading the text
    SYNTAX              "E0101" "the text is not a nem program here"
    NOT_TEXT            "E0102" "the file is not text"
    EMPTY_FILE          "E0103" "the file declares nothing"
    TOO_DEEP            "E0104" "brackets or operators are nested too deeply"
    CANNOT_READ         "E0105" "a source file cannot be read"
    USE_CYCLE           "E0106" "files use each other in a circle"
    // E02: names
    UNKNOWN_NAME        "E0201" "a name is not declared"
    DUPLICATE_NAME      "E0202" "a name is declared twice, or is taken"
    WRONG_KIND          "E0203" "a name is of another kind than is needed here"
    UNKNOWN_TYPE        "E0204" "a support is not known"
    CYCLE               "E0205" "a definition depends on itself"
    HOLE                "E0206" "something is left open"
    // E03: shapes, supports, arguments
    SHAPE               "E0301" "shapes do not fit"
    SUPPORT             "E0302" "a value lies outside its support"
    ARGUMENTS           "E0303" "a call has the wrong arguments"
    SIZE                "E0304" "a size is not a positive whole number"
    NO_OBSERVATION      "E0305" "a model observes nothing"
    INCOMPLETE          "E0306" "a declaration lacks a part it needs"
    RANDOMNESS          "E0308" "randomness is used where there is none"
    UNSUPPORTED         "E0309" "this version does not know this yet"
    // E04: data
    DATA_MISSING        "E0401" "a data file cannot be read"
    DATA_FORMAT         "E0402" "a data file is not in the format that was named"
    DATA_TRUNCATED      "E0403" "a data file ends too early"
    DATA_COLUMN         "E0404" "a column is not in the file"
    DATA_VALUE          "E0405" "a value in the data is not a number or lies outside its support"
    DATA_SHAPE          "E0406" "columns of the data do not fit each other or the model"
    // E05: training settings
    UNKNOWN_SETTING     "E0501" "a setting is not known"
    BAD_SETTING         "E0502" "a setting has a value it cannot take"
    NOISE_TARGET        "E0503" "noise is put where it cannot act"
    NO_REGION           "E0504" "the chosen way of selecting noise needs another region"
    // E06: derivation
    CANNOT_DERIVE       "E0601" "the derivation does not go through"
    TOO_LARGE           "E0602" "an expression grew beyond its budget"
    CHECK_FAILED        "E0603" "what was derived does not agree with the numbers"
    // E07: running
    NOT_A_NUMBER        "E0701" "training made a value that is not a number"
    DEVICE              "E0702" "the device failed"
    NO_VALUE            "E0703" "an expression has no finite value at the given point"
    UNREACHED           "E0704" "the proposal never falls into the region"
    STOPPED             "E0705" "something was stopped before there was a result"
    // E08: results on disk
    RUN_FOLDER          "E0801" "a run folder cannot be read or written"
    RUN_MISMATCH        "E0802" "saved parameters do not fit the program"
    USAGE               "E0901" "the command line asks for something that is not there"
    // W: legal but suspicious
    UNUSED              "W0201" "something is declared but never used"
    BROKEN_INVARIANCE   "W0301" "a link breaks the invariance of backpropagation"
    CORNERS             "W0302" "the derivative of a log-density may jump"
    NO_EFFECT           "W0501" "a setting has no effect"
    LEAVES_SUPPORT      "W0502" "noise can take a variable out of its support"
    COLLAPSED           "W0503" "the weights of the samples collapse onto a few of them"
    NOT_NORMALISED      "W0601" "a density does not integrate to 1"
}
