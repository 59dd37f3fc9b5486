//! The `hodge` program; see [`hodge::cli`].

/// The reflog of HEAD, a line for each move: `before after who when what`.
const LOG: &[u8] = include_bytes!(env!("HODGE_HEAD_LOG"));

/// The range of the commit in the log: the second word of the last line.
const PLACE: (usize, usize) = second_word_of_last_line(LOG);

/// A copy, so that no more of the log stays in the program.
static COMMIT: [u8; PLACE.1 - PLACE.0] = {
    let mut commit = [0; PLACE.1 - PLACE.0];
    commit.copy_from_slice(LOG.split_at(PLACE.1).0.split_at(PLACE.0).1);
    commit
};

fn main() -> std::process::ExitCode {
    hodge::cli::run(std::str::from_utf8(&COMMIT).ok().filter(|commit| !commit.is_empty()))
}

const fn second_word_of_last_line(text: &[u8]) -> (usize, usize) {
    let mut start = text.len().saturating_sub(1);
    while start > 0 && text[start - 1] != b'\n' {
        start -= 1;
    }
    while start < text.len() && text[start] != b' ' {
        start += 1;
    }
    let start = if start < text.len() { start + 1 } else { start };
    let mut end = start;
    while end < text.len() && text[end] != b' ' {
        end += 1;
    }
    (start, end)
}
