//! Words in tags that mean something.

/// What a word before or behind a release means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// says that a version follows: `v`, `version`
    Version,
    /// not finished
    Stage {
        /// which of two stages comes later
        rank: u8,
        /// what makes it a stage
        needs: Needs,
    },
    /// a counter of rebuilds
    Counter,
    /// an operating system, whose version may rise
    Base,
    /// something whose version the user chose
    Product,
    /// any other word
    Plain,
}

/// What must stand behind the word of a stage, or it is a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// nothing
    Nothing,
    /// a number: `-dev` alone is what an image is for, `-dev.3` is not finished
    Number,
    /// a number, at once or behind a dot: `b3`, `b.60`
    CloseNumber,
}

/// The rank of what is finished, above all stages.
pub(super) const FINISHED: u8 = u8::MAX;

/// What a word means.
pub(super) fn classify(word: &str) -> Class {
    use Needs::{CloseNumber, Nothing, Number};
    let stage = |rank, needs| Class::Stage { rank, needs };
    let mut buffer = [0; 12];
    let Some(lower) = buffer.get_mut(..word.len()) else { return Class::Plain };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"v" | b"version" | b"release" | b"rel" | b"ver" => Class::Version,
        b"dev" | b"nightly" | b"canary" | b"next" | b"edge" | b"unstable" => stage(0, Number),
        b"snapshot" => stage(0, Nothing),
        b"alpha" => stage(1, Nothing),
        b"a" => stage(1, CloseNumber),
        b"b" | b"m" => stage(2, CloseNumber),
        b"beta" | b"milestone" => stage(2, Nothing),
        b"pre" | b"preview" => stage(3, Nothing),
        b"ea" | b"eap" => stage(3, Number),
        b"rc" => stage(4, Nothing),
        b"c" | b"cr" => stage(4, CloseNumber),
        b"ls" | b"r" | b"rev" | b"build" | b"bld" | b"k3s" | b"k0s" | b"rke2r" | b"security" | b"hotfix" | b"post" | b"patch" | b"p"
        | b"u" | b"update" | b"cu" | b"rancher" | b"eksbuild" | b"hb" => Class::Counter,
        b"alpine" | b"debian" | b"deb" | b"ubuntu" | b"ubi" | b"rhel" | b"el" | b"centos" | b"rocky" | b"rockylinux" | b"almalinux"
        | b"alma" | b"fedora" | b"photon" | b"oraclelinux" | b"ol" | b"amazonlinux" | b"al" | b"amzn" | b"leap" | b"bci" => Class::Base,
        b"pg" | b"postgres" | b"postgresql" | b"php" | b"java" | b"jdk" | b"jre" | b"openjdk" | b"cuda" | b"cudnn" | b"py" | b"python"
        | b"node" | b"nodejs" | b"ruby" | b"go" | b"golang" | b"rocm" | b"dotnet" | b"net" | b"scala" | b"spark" | b"perl" | b"erlang"
        | b"otp" | b"elixir" | b"mysql" | b"mariadb" | b"rust" | b"gcc" | b"llvm" | b"clang" | b"torch" | b"pytorch" | b"tensorflow"
        | b"tf" | b"hadoop" | b"hive" | b"kafka" | b"lua" | b"k" | b"s" | b"rke" | b"kubernetes" | b"tensorrt" | b"trt" | b"windows"
        | b"ltsc" | b"nanoserver" | b"openssl" => Class::Product,
        _ => Class::Plain,
    }
}

/// Counters that a release has or not: with one it comes after the same release without (Grafana's `-security-01`).
pub(super) const OPTIONAL_COUNTERS: [&str; 3] = ["security", "hotfix", "post"];

/// Whether a word is such a counter.
pub(super) fn is_optional_counter(word: &str) -> bool {
    OPTIONAL_COUNTERS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The length of a word with digits inside that the text begins with and that is followed by its count: `k3s1`.
pub(super) fn with_digits(text: &str) -> Option<usize> {
    let followed = |word: &&&str| text.starts_with(**word) && text.as_bytes().get(word.len()).is_some_and(u8::is_ascii_digit);
    ["k3s", "k0s", "rke2r"].iter().find(followed).map(|word| word.len())
}

/// The length of the name of an architecture that the text begins with.
pub(super) fn architecture(text: &str) -> Option<usize> {
    const KNOWN: [&str; 22] = [
        "amd64", "arm64", "arm64v8", "arm64v9", "aarch64", "arm", "arm32v5", "arm32v6", "arm32v7", "armv5", "armv6", "armv7", "armv8",
        "armhf", "armel", "i386", "i686", "ppc64le", "riscv64", "s390x", "x86", "x86_64",
    ];
    if !matches!(text.as_bytes().first(), Some(b'a' | b'i' | b'p' | b'r' | b's' | b'x')) {
        return None;
    }
    let ends = |word: &&&str| text.starts_with(**word) && text.as_bytes().get(word.len()).is_none_or(|byte| is_separator(*byte));
    // the longest, so that the `64` of `x86_64` is part of it
    KNOWN.iter().filter(ends).map(|word| word.len()).max()
}

/// Whether a text between separators is a commit: 7 to 40 lower-case hexadecimal digits with letters and digits among them, as `git
/// describe` writes it also behind a `g`. Digits alone are a build, letters alone a word.
pub(super) fn is_hash(text: &str) -> bool {
    let hex = |text: &str| {
        (7..=40).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            && text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().any(|byte| byte.is_ascii_lowercase())
    };
    hex(text) || text.strip_prefix('g').is_some_and(hex)
}

/// Whether a byte separates parts.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b'+')
}
