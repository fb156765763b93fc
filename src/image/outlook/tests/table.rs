//! Each line is a case that other tools got wrong or that shows a rule: number, tag, other tags, kind, best patch, minor and major, and
//! what is held back with the reason. `?` means in doubt. Every list stands for thousands: what does not belong changes nothing.

use super::{best, over};
use crate::wire::{Level, TagKind, WhyNot};

/// Plain versions, prefixes, prereleases.
const PLAIN: &str = "
1   | 1.2.3        | 1.2.4 1.3.0 2.0.0                    | version | 1.2.4      | 1.3.0  | 2.0.0 |
2   | 1.2.3        | 1.2.9 1.2.10                         | version | 1.2.10     | -      | -     |
4   | v1.2.3       | v1.3.0 1.4.0                         | version | -          | v1.3.0 | -     |
5   | v0.3.9       | v0.3.8 0.4.0                         | version | -          | -      | -     | 0.4.0 naming_changed
7   | 1.5.2-rc.1   | 1.5.2-rc.2 1.5.2                     | version | 1.5.2      | -      | -     |
8   | 6.0.20-rc2   | 6.0.19 6.0.20-rc3                    | version | 6.0.20-rc3 | -      | -     |
10  | 3.7.0        | 3.7.0b1 3.8.0b1                      | version | -          | -      | -     | 3.8.0b1 prerelease
11  | 3.7.0b1      | 3.7.0b5 3.7.0                        | version | 3.7.0      | -      | -     |
13  | 2021.9.1     | 2021.9.2-rc1 2021.9.3                | version | 2021.9.3   | -      | -     |
14  | v0.107.53    | v0.107.54 v0.108.0-b.60              | version | v0.107.54  | -      | -     | v0.108.0-b.60 prerelease
16  | 1.2.3        | 1.2.4                                | version | 1.2.4      | -      | -     |
17  | 8.1.0        | 8.0.3 8.0.4                          | version | -          | -      | -     |
19  | 0.3.4        | 0.3.3 1.3                            | version | -          | -      | -     | 1.3 other_scheme
";

/// Tracks and channels: their digest tells. Newer tracks stand where their level is.
///
/// 28: leaving the beta is a step of the number that the tag has, here the first; the digest of every tag is looked at anyway.
/// 29 and 32: what has no long support is held back, not listed as a track.
/// 34: nothing suggests a version in place of `latest`, so nothing can suggest 168.
const TRACKS: &str = "
22  | 7             | 7.0 7.0.14 8 8.0                     | track   | -          | -      | 8     |
23  | 1.25          | 1 1.24 1.25.5 1.26 1.27              | track   | -          | 1.27   | -     |
25  | 1.25-bookworm | 1.27-bookworm 1.27 1.27-alpine       | track   | -          | 1.27-bookworm | - |
26  | 1.10          | 1.2 1.9 1.11                         | track   | -          | 1.11   | -     |
28  | 12-beta3      | 12 11.5 11                           | version | -          | -      | 12    |
29  | 21-jre        | 17-jre 23-jre 21.0.11_10-jre         | track   | -          | -      | -     | 23-jre not_long_term
31  | 3.19          | 3.18 3.20 20240329 edge              | track   | -          | 3.20   | -     | 20240329 other_scheme
32  | 22.04         | 20.04 23.10 24.04 24.10              | track   | -          | -      | 24.04 | 24.10 not_long_term
34  | latest        | 168 169 1.43.3                       | channel | -          | -      | -     |
35  | stable        | edge 1.2.3                           | channel | -          | -      | -     |
37  | jammy         | noble 22.04                          | channel | -          | -      | -     |
38  | nightly       | nightly-20240509 1.0                 | channel | -          | -      | -     |
";

/// Variants.
///
/// 43: that odd majors of Node have no long support is known of the image, not of its tags: a policy says so.
const VARIANTS: &str = "
40  | 1.27.3-alpine      | 1.28.0-alpine 1.28.0-alpine-perl 1.28.0-alpine-slim 1.28.0 | version | - | 1.28.0-alpine | - |
41  | 1.27.3-alpine-slim | 1.28.0-alpine 1.28.0-alpine-slim | version | - | 1.28.0-alpine-slim | - |
43  | 18.12.0-alpine     | 18.20.4-alpine 18.20.4-alpine3.20 20.18.0-alpine 21.7.3-alpine 22.11.0-alpine | version | - | 18.20.4-alpine | 22.11.0-alpine |
44  | 16.4-alpine3.20    | 16.4-alpine3.21 16.6-alpine3.20 16.6-alpine3.21 17.2-alpine3.21 | version | 16.6-alpine3.20 | - | 17.2-alpine3.21 |
46  | 16.4-alpine        | 16.6-alpine 16.6-alpine3.21      | version | 16.6-alpine | - | - |
47  | 11.4.2-noble       | 11.4.4-noble 11.4.4-ubi9 11.4.4 11.7.2-noble 12.0.1-rc-noble | version | 11.4.4-noble | 11.7.2-noble | - | 12.0.1-rc-noble prerelease
49  | 5.0.1              | 5 5-focal 5.0.30 5.0.30-focal 6.0.19 7.0.15 8.0.4 | version | 5.0.30 | - | 8.0.4 |
50  | 6.0.19             | 6.0.20-rc3 7.0.15 8.0.4 8.0.4-noble | version | - | - | 8.0.4 |
52  | 8.0.10-jammy-chiseled-amd64 | 8.0.11-jammy-chiseled-amd64 8.0.11-jammy-chiseled-arm64v8 8.0.11-jammy-chiseled | version | 8.0.11-jammy-chiseled-amd64 | - | - |
53  | v2.7.5-openvino    | v2.7.6 v2.7.8 v2.7.6-cuda v2.8.0-openvino | version | - | v2.8.0-openvino | - |
55  | 29.0.6-fpm-alpine  | 29.0.8-fpm-alpine 29.0.8-fpm 30.0.0-fpm-alpine | version | 29.0.8-fpm-alpine | - | 30.0.0-fpm-alpine |
56  | 28.0.9-apache      | 29.0.8-apache 30.0.1-apache      | version | - | - | 30.0.1-apache |
58  | 0.7.4-pg16         | 0.8.0-pg16 0.8.0-pg17            | version | - | 0.8.0-pg16 | - |
59  | pg14-v0.2.0        | pg14-v0.3.0 pg16-v0.3.0          | version | - | pg14-v0.3.0 | - |
61  | 0.9.5-nginx        | 0.9.6-nginx 0.9.6-apache         | version | 0.9.6-nginx | - | - |
62  | fpm-2.1.0-prod     | fpm-2.2.0-prod cli-2.2.0-prod fpm-2.2.0-dev | version | - | fpm-2.2.0-prod | - |
64  | 2026-08-10-alpine  | 2026-08-28-alpine 2026-08-28     | version | - | - | 2026-08-28-alpine |
";

/// Rebuild counters.
const COUNTERS: &str = "
65  | v1.2.3-ls45         | v1.2.3-ls46 v1.2.4-ls9 v1.2.4-ls47             | version | v1.2.4-ls47 | - | - |
67  | 0.5.0b3.dev101-ls250 | 0.5.0b3.dev99-ls235 0.5.0b3.dev103-ls255      | version | 0.5.0b3.dev103-ls255 | - | - |
68  | 4.0.19.2979-ls322   | 4.0.9.2244-ls257 4.0.20.3001-ls330             | version | 4.0.20.3001-ls330 | - | - |
70  | 10.11.4-r0-ls109    | 10.11.4-r0-ls110 10.11.5-r0-ls112              | version | 10.11.5-r0-ls112 | - | - |
71  | 10.11.4             | 10.11.5 2021.12.16                             | version | 10.11.5 | - | - | 2021.12.16 other_scheme
73  | 1.43.3              | 168 169 1.43.4                                 | version | 1.43.4 | - | - | 169 other_scheme, 168 other_scheme
74  | version-3.0.1.4259  | version-v0.2.0.1504 version-3.0.2.4552         | version | version-3.0.2.4552 | - | - |
76  | 33acdda4-ls73       | 33acdda4-ls74 69904638-ls61 b9e2cafd-ls153     | version | 33acdda4-ls74 | - | - |
77  | v1.0.20210914-ls99  | v1.0.20210914-ls6 v1.0.20210914-ls126          | version | v1.0.20210914-ls126? | - | - |
79  | 3.4.6-debian-9-r24  | 3.4.6-debian-9-r25 3.4.6-debian-10-r1 3.4.7-debian-9-r1 | version | 3.4.7-debian-9-r1 | - | - |
80  | 15.4.0-debian-11-r45 | 15.4.0-debian-11-r47 15.5.0-debian-11-r5 16.1.0-debian-12-r2 | version | 15.4.0-debian-11-r47 | 15.5.0-debian-11-r5 | 16.1.0-debian-12-r2 |
82  | 1.2.3_build1        | 1.2.3_build2 1.2.4_build1                      | version | 1.2.4_build1 | - | - |
83  | v1.30.4-k3s1        | v1.30.6-k3s1 v1.30.6-k3s2 v1.31.2-k3s1 v1.31.3-rc1-k3s1 | version | v1.30.6-k3s2 | v1.31.2-k3s1 | - | v1.31.3-rc1-k3s1 prerelease
85  | 8.7-1031            | 8.7-1031-source 8.7-1049                       | version | 8.7-1049 | - | - |
86  | 9.4-1214.1726694543 | 9.4-1214.1729773476 9.5-1730489303             | version | 9.4-1214.1729773476 | 9.5-1730489303 | - |
88  | 1.4.2-27            | 1.4.2-31 1.4.3-3 1.4.3-3_base 1.4.3_base       | version | 1.4.3-3 | - | - |
89  | 10.4.2              | 10.4.2-ubuntu 10.4.3 10.4.3-security-01 11.0.0 | version | 10.4.3-security-01 | - | 11.0.0 |
91  | 7.3.3.50            | 7.3.3.51 7.3.4.2                               | version | 7.3.4.2 | - | - |
92  | 4.1.2.1-full        | 4.1.3.0-full 4.1.3.0                           | version | 4.1.3.0-full | - | - |
94  | 0.9-u60-r1          | 0.9-u50-r1                                     | version | - | - | - |
";

/// Years, days and moments. Of days everything newer is major.
const CALENDAR: &str = "
95  | 2024.10.1           | 2024.10.4 2024.11.0 2024.12.0b1 2025.1.0       | version | 2024.10.4 | 2024.11.0 | 2025.1.0 |
97  | 2026.7.4            | 2026.8.0.dev202607050315                       | version | - | - | - | 2026.8.0.dev202607050315 prerelease
98  | 2025-08-05          | 2025-06-03                                     | version | - | - | - |
100 | 2026-08-28          | 2026-07-19 2026-08-08 2026-08-10               | version | - | - | - |
101 | 20240101            | 20240315 3.19 edge                             | version | - | - | 20240315 |
103 | jammy-20240111      | jammy-20240227 noble-20240225                  | version | - | - | jammy-20240227 |
104 | RELEASE.2024-01-01T16-36-33Z | RELEASE.2024-08-26T15-33-07Z RELEASE.2024-10-02T17-50-41Z.fips | version | - | - | RELEASE.2024-08-26T15-33-07Z | RELEASE.2024-10-02T17-50-41Z.fips other_variant
106 | nightly-2024-05-01  | nightly-2024-05-09 1.78.0                      | version | - | - | nightly-2024-05-09 |
107 | edge-20240329-1     | edge-20240329-2 edge-20240401-1                | version | - | - | edge-20240401-1 |
118 | 20240317-1a2b3c4    | 20240317-9d8e7f6 20241103-5e6f7a8              | version | - | - | 20241103-5e6f7a8 |
";

/// No order, or lists that mean harm.
const ODD: &str = "
109 | 0a1b2c3             | 0f9e8d7                                        | unordered | - | - | - |
110 | 1234567             | 1234599                                        | version   | - | - | 1234599? |
112 | fix__50             | fix__51 1.0.0                                  | unordered | - | - | - |
113 | ubuntu-standalone-5fe1f87b | ubuntu-standalone-9ab01c2d              | unordered | - | - | - |
115 | 1.2.3               | null sha256:0f 1.2.4                           | version   | 1.2.4 | - | - |
116 | 1.25                | 1.24 1.26 1.27 1.25.5                          | track     | - | 1.27 | - |
119 | 2024.1.10           | 2024.1.9 2024.2.1-dev.3 24.3.0                 | version   | - | - | - | 2024.2.1-dev.3 prerelease
";

/// Tags that are in every repository and belong to no family of the table.
const ELSEWHERE: &str = "main pr-7 sha-0a1b2c3d sha256-aa.sig windowsservercore-ltsc2022 cache-99.9.9-x zz9.9.9 ---- .. 0-9-9-9-9-9 0";

/// The reasons in the words of the wire, as the table writes them.
fn held(outlook: &crate::image::Outlook) -> String {
    let word = |why: &WhyNot| serde_json::to_value(why).unwrap()["is"].as_str().unwrap().to_owned();
    outlook.held.iter().map(|held| format!("{} {}", held.tag, word(&held.why))).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_case_of_the_table() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in [PLAIN, TRACKS, VARIANTS, COUNTERS, CALENDAR, ODD].iter().flat_map(|table| table.lines()).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [row, current, tags, kind, expected @ ..] = cells.as_slice() else { panic!("{line}") };
        let kind: TagKind = serde_json::from_value((*kind).into()).unwrap();
        for listed in ["", current] {
            for elsewhere in ["", ELSEWHERE] {
                let found = over(current, &format!("{elsewhere} {listed} {tags}"));
                let told = [best(&found, Level::Patch), best(&found, Level::Minor), best(&found, Level::Major), held(&found)];
                if found.kind != kind || told != expected || found.listed == listed.is_empty() {
                    wrong.push(format!("{row} {current} among `{listed} {elsewhere} {tags}`: {found:?}"));
                }
            }
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(count, 79);
}
