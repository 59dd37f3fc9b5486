//! What the operating system reports about memory.

use super::{AtHand, Limit};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// Where control groups are found.
const GROUPS: &str = "/sys/fs/cgroup";

/// Sizes from which a control group of the first version means that there is no limit.
const NO_LIMIT: u64 = 1 << 60;

/// The share of an address space that is kept in reserve: memory that is reserved and never touched
/// counts there, and so do the gaps between freed pieces.
const KEPT_BACK: u64 = 8;

/// What the machine has left for a new program.
pub fn machine() -> Option<AtHand> {
    let bytes = number_of_kib(&read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
    Some(AtHand { bytes, limit: Limit::Machine })
}

/// What this process has in memory.
pub fn resident() -> Option<u64> {
    status("VmRSS:")
}

/// A size of this process by its name.
pub fn status(name: &str) -> Option<u64> {
    number_of_kib(&read_to_string("/proc/self/status").ok()?, name)
}

/// What the control groups of this process have left, the least first.
pub fn groups() -> Option<AtHand> {
    let folders = group_folders(&read_to_string("/proc/self/cgroup").ok()?, Path::new(GROUPS));
    let read = |folder: &PathBuf| {
        let text = |name: &str| read_to_string(folder.join(name)).ok();
        let bytes = left_of_group(&text)?;
        Some(AtHand { bytes, limit: Limit::Group(folder.clone()) })
    };
    folders.iter().filter_map(read).min_by_key(|found| found.bytes)
}

/// The value of a line `name  123 kB`, in bytes.
fn number_of_kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    kib.checked_mul(1024)
}

/// The folders of the groups of a process that count its memory, up to the root, by the text of its
/// `cgroup` file: of both versions, some of which may be missing.
fn group_folders(text: &str, root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut fields = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let tree = match controllers {
            "" => root.to_path_buf(),
            list if list.split(',').any(|name| name == "memory") => root.join("memory"),
            _ => continue,
        };
        // Inside a container the path may be that outside of it, or lead up with `..`.
        let path = path.trim_start_matches('/');
        let own = Path::new(path);
        let inside = !own.components().any(|part| part.as_os_str() == "..");
        let up = own.ancestors().filter(|step| inside && !step.as_os_str().is_empty());
        found.extend(up.map(|step| tree.join(step)));
        found.push(tree);
    }
    found
}

/// The bytes left in a group whose files `text` reads; `None` where it sets no limit.
///
/// Pages of files that were read or written count for a group and are given back on demand, so they
/// are left, as they are in `MemAvailable`.
fn left_of_group(text: &impl Fn(&str) -> Option<String>) -> Option<u64> {
    let number = |name: &str| text(name)?.trim().parse::<u64>().ok();
    let limit = |name: &str| number(name).filter(|bytes| *bytes < NO_LIMIT);
    let (limit, used, prefix) = match limit("memory.max") {
        Some(limit) => (limit, number("memory.current")?, ""),
        None => {
            let limit = limit("memory.limit_in_bytes")?;
            (limit, number("memory.usage_in_bytes")?, "total_")
        }
    };
    let pages = text("memory.stat").unwrap_or_default();
    let of_files = |name: &str| {
        let line = pages.lines().find_map(|line| line.strip_prefix(&format!("{prefix}{name} ")));
        line.and_then(|bytes| bytes.trim().parse::<u64>().ok()).unwrap_or(0)
    };
    let given_back = of_files("inactive_file").saturating_add(of_files("active_file"));
    Some(limit.saturating_sub(used.saturating_sub(given_back)))
}

/// What the limit of the address space leaves, where there is one.
#[cfg(target_os = "linux")]
pub fn address_space() -> Option<AtHand> {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the pointer is to a whole structure of ours.
    let asked = unsafe { libc::getrlimit(libc::RLIMIT_AS, &mut limit) };
    if asked != 0 || limit.rlim_cur == libc::RLIM_INFINITY {
        return None;
    }
    let used = status("VmSize:").unwrap_or(0);
    let bytes = (limit.rlim_cur - limit.rlim_cur / KEPT_BACK).saturating_sub(used);
    Some(AtHand { bytes, limit: Limit::AddressSpace(limit.rlim_cur) })
}

#[cfg(not(target_os = "linux"))]
pub fn address_space() -> Option<AtHand> {
    None
}

/// Makes all threads allocate from one heap: glibc otherwise reserves 64 MiB of addresses for each
/// thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn share_one_heap() {
    // SAFETY: sets a number of the allocator, which it takes at any time.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn share_one_heap() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_name_is_found() {
        let text = "MemTotal:       24683520 kB\nMemFree:  1 kB\nMemAvailable:   23456789 kB\n";
        assert_eq!(number_of_kib(text, "MemAvailable:"), Some(23_456_789 * 1024));
        assert_eq!(number_of_kib(text, "SwapFree:"), None);
        assert_eq!(number_of_kib("MemAvailable: many kB\n", "MemAvailable:"), None);
    }

    #[test]
    fn groups_of_both_versions_are_followed_to_the_root() {
        let folders = |text: &str| -> Vec<String> {
            let found = group_folders(text, Path::new("/g"));
            found.iter().map(|path| path.display().to_string()).collect()
        };
        assert_eq!(folders("0::/user/job:1\n"), ["/g/user/job:1", "/g/user", "/g"]);
        assert_eq!(folders("0::/\n"), ["/g"]);
        assert_eq!(folders("0::/../..\n"), ["/g"]);
        let first = "12:cpu,cpuacct:/a\n7:memory:/slurm/uid\n3:hugetlb,memory:/b\nnonsense\n";
        assert_eq!(
            folders(first),
            ["/g/memory/slurm/uid", "/g/memory/slurm", "/g/memory", "/g/memory/b", "/g/memory"]
        );
    }

    #[test]
    fn a_group_leaves_its_limit_less_what_cannot_be_given_back() {
        let left = |files: &[(&str, &str)]| {
            left_of_group(&|name: &str| {
                let file = files.iter().find(|(found, _)| *found == name);
                file.map(|(_, text)| text.to_string())
            })
        };
        let second = [("memory.max", "1000\n"), ("memory.current", "700\n")];
        assert_eq!(left(&second), Some(300));
        let cached = ("memory.stat", "anon 5\ninactive_file 150\nactive_file 50\nfile 900\n");
        assert_eq!(left(&[second[0], second[1], cached]), Some(500));
        assert_eq!(left(&[("memory.max", "max\n"), ("memory.current", "700\n")]), None);
        let first = [("memory.limit_in_bytes", "2000\n"), ("memory.usage_in_bytes", "1500\n")];
        assert_eq!(left(&first), Some(500));
        let cached = ("memory.stat", "inactive_file 1\ntotal_inactive_file 400\n");
        assert_eq!(left(&[first[0], first[1], cached]), Some(900));
        let none =
            [("memory.limit_in_bytes", "9223372036854771712"), ("memory.usage_in_bytes", "1")];
        assert_eq!(left(&none), None);
        let over = [("memory.max", "10"), ("memory.current", "700")];
        assert_eq!(left(&over), Some(0));
    }
}
