//! What is measured.

/// A fleet and its registries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    /// what it is called on the command line
    pub(crate) name: &'static str,
    /// what it is, for people
    pub(crate) what: &'static str,
    /// how many registries there are
    pub(crate) registries: usize,
    /// how many images, over all of them
    pub(crate) images: usize,
    /// how many tags each repository has beside the one that is asked about; none where tags are no versions
    pub(crate) tags: usize,
    /// how many of them a page has at most; none where all come at once
    pub(crate) page: Option<usize>,
    /// how long each request waits, in milliseconds
    pub(crate) delay: u64,
    /// whether tokens are wanted
    pub(crate) tokens: bool,
    /// whether the tags that run are the newest there are
    pub(crate) newest: bool,
    /// above how many requests at once a registry answers 429
    pub(crate) most: Option<usize>,
    /// how many requests may be under way at once, where that is configured
    pub(crate) at_once: Option<u32>,
    /// trips that follow each other and that nobody can save
    pub(crate) trips: u64,
    /// what is promised
    pub(crate) budget: Budget,
    /// what Cup 3.5.1 took for it on a machine of this size, where it can do it at all: wall in seconds, CPU in seconds, memory in MB
    pub(crate) cup: Option<(f64, Option<f64>, Option<f64>)>,
}

/// What is promised: at most so much.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Budget {
    /// in seconds
    pub(crate) wall: Option<f64>,
    /// of user and system together, in seconds
    pub(crate) cpu: Option<f64>,
    /// resident memory, in MB
    pub(crate) memory: Option<f64>,
    /// requests under way at once
    pub(crate) peak: Option<u64>,
    /// requests in all
    pub(crate) requests: Option<u64>,
}

const PLAIN: Scenario = Scenario {
    name: "",
    what: "",
    registries: 1,
    images: 1,
    tags: 0,
    page: Some(1000),
    delay: 0,
    tokens: true,
    newest: true,
    most: None,
    at_once: None,
    trips: 3,
    budget: Budget { wall: None, cpu: None, memory: None, peak: None, requests: None },
    cup: None,
};

/// All of them.
pub(crate) const ALL: &[Scenario] = &[
    Scenario {
        name: "58",
        what: "58 images at one tag, 50 ms",
        images: 58,
        delay: 50,
        budget: Budget { wall: Some(0.165), memory: Some(9.0), requests: Some(58 + 2 + 2), ..PLAIN.budget },
        cup: Some((0.164, None, Some(7.2))),
        ..PLAIN
    },
    Scenario {
        name: "1000",
        what: "1,000 images, 100 ms",
        images: 1000,
        delay: 100,
        // 1,000 requests of 100 ms, 256 at once, are four rounds: with ping and tokens no less than 0.6 s
        budget: Budget { wall: None, cpu: Some(0.10), memory: Some(25.0), peak: Some(256), requests: Some(1000 + 25 + 2) },
        cup: Some((0.44, Some(0.11), Some(38.0))),
        trips: 6,
        ..PLAIN
    },
    Scenario {
        name: "1000-at-once",
        what: "the same, with `at_once = 1024`",
        images: 1000,
        delay: 100,
        at_once: Some(1024),
        budget: Budget { wall: Some(0.42), cpu: Some(0.10), memory: Some(38.0), peak: None, requests: Some(1000 + 25 + 2) },
        cup: Some((0.44, Some(0.11), Some(38.0))),
        ..PLAIN
    },
    Scenario {
        name: "ten-registries",
        what: "200 images over 10 registries, 50 ms",
        registries: 10,
        images: 200,
        delay: 50,
        budget: Budget { wall: Some(0.18), ..PLAIN.budget },
        cup: Some((1.13, None, None)),
        ..PLAIN
    },
    Scenario {
        name: "versions",
        what: "58 version tags of 1,000, pages of 1,000, 50 ms",
        images: 58,
        tags: 999,
        delay: 50,
        budget: Budget { wall: Some(0.18), ..PLAIN.budget },
        cup: Some((0.69, None, None)),
        ..PLAIN
    },
    Scenario {
        name: "versions-behind",
        what: "the same, and each has a newer one: its platforms are asked for too",
        images: 58,
        tags: 999,
        delay: 50,
        newest: false,
        trips: 6,
        ..PLAIN
    },
    Scenario {
        name: "versions-paged",
        what: "58 version tags of 1,000, pages of 100, 50 ms",
        images: 58,
        tags: 999,
        page: Some(100),
        delay: 50,
        budget: Budget { wall: Some(0.65), ..PLAIN.budget },
        cup: Some((0.69, None, None)),
        trips: 12,
        ..PLAIN
    },
    Scenario {
        name: "many-tags",
        what: "100 images of 5,000 tags in one page, no delay",
        images: 100,
        tags: 4999,
        page: None,
        budget: Budget { cpu: Some(0.25), ..PLAIN.budget },
        cup: Some((0.53, Some(0.42), Some(14.0))),
        tokens: false,
        trips: 0,
        ..PLAIN
    },
    Scenario {
        name: "5000",
        what: "5,000 images, 20 ms",
        images: 5000,
        delay: 20,
        tokens: false,
        budget: Budget { wall: Some(0.6), memory: Some(60.0), ..PLAIN.budget },
        cup: Some((0.77, None, Some(165.0))),
        trips: 20,
        ..PLAIN
    },
    Scenario {
        name: "5000-tokens",
        what: "5,000 images with tokens, 20 ms",
        images: 5000,
        delay: 20,
        budget: Budget { wall: Some(0.6), memory: Some(60.0), ..PLAIN.budget },
        trips: 22,
        ..PLAIN
    },
    Scenario {
        name: "429",
        what: "500 images of a registry that answers 429 above 100 at once, 20 ms",
        images: 500,
        delay: 20,
        most: Some(100),
        budget: Budget { wall: Some(1.2), ..PLAIN.budget },
        trips: 7,
        ..PLAIN
    },
];

impl Scenario {
    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|scenario| scenario.name == name).copied()
    }

    /// The repository of an image.
    pub(crate) fn repository(image: usize) -> String {
        format!("bench/image-{image:04}")
    }

    /// The reference of an image at the registry with this address.
    pub(crate) fn reference(self, image: usize, address: &str) -> String {
        format!("{address}/{}:{}", Self::repository(image), self.tag())
    }

    /// The tag that is asked about.
    pub(crate) fn tag(self) -> &'static str {
        match (self.tags, self.newest) {
            (0, _) => "stable",
            (_, true) => "99.9.9",
            (_, false) => "1.0.0",
        }
    }
}
