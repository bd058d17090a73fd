//! Derivations as a LaTeX document: what is assumed, then numbered steps, each with its rewrite rules. Needs amsmath and
//! amssymb alone.

mod display;
mod energy;
mod layer;
mod likelihood;
mod noise;
mod open;
mod paper;
mod prior;
mod region;
mod words;

use crate::derive::ProgramDerivation;
use paper::Paper;

/// Steps are numbered within a section, formulas may break across pages, and long lines stretch rather than stick out.
const PREAMBLE: &str = r"\documentclass{article}
\usepackage{amsmath}
\usepackage{amssymb}
\allowdisplaybreaks
\hfuzz=2pt
\setlength{\textwidth}{16cm}
\setlength{\oddsidemargin}{0cm}
\setlength{\textheight}{23cm}
\setlength{\topmargin}{-1.5cm}
\setlength{\parindent}{0pt}
\sloppy
\newcounter{step}[section]
\newcommand{\step}[1]{\par\medskip\refstepcounter{step}\textbf{(\arabic{section}.\arabic{step})} #1}
\newcommand{\rewriting}[2]{\par{\footnotesize #1: \textit{#2}.\par}}
";

/// Every likelihood and every model; ends with a line break.
pub fn document(derived: &ProgramDerivation) -> String {
    let mut paper = Paper::default();
    derived.likelihoods.iter().for_each(|l| likelihood::section(&mut paper, l));
    derived.models.iter().for_each(|m| layer::sections(&mut paper, m));
    format!("{PREAMBLE}\n\\begin{{document}}\n{}\n\\end{{document}}\n", paper.finish())
}
