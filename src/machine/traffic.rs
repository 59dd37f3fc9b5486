//! What the process read and wrote.

/// Bytes that the process has read from files and written to them so far, whether or not they came from or reached a disk; `None`
/// where the system does not tell.
pub(crate) fn traffic_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/io").ok()?;
    let count = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<u64>().ok()
    };
    Some(count("rchar:")? + count("wchar:")?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_counted() {
        let before = traffic_bytes().unwrap();
        let mut file = crate::machine::nameless_file().unwrap();
        std::io::Write::write_all(&mut file, &[1; 1 << 20]).unwrap();
        assert!(traffic_bytes().unwrap() - before >= 1 << 20);
    }
}
