//! In which order workloads are updated that need each other.

use super::Workload;

/// The labels that name what a workload needs, by container names separated by commas.
const NEEDS: [&str; 2] = ["plimsoll.depends-on", "com.centurylinklabs.watchtower.depends-on"];

/// Where Compose notes what a service needs: `db:service_healthy:true,cache:service_started:false`.
const COMPOSE: &str = "com.docker.compose.depends_on";

/// The names of those among `others`, all of the same host, that `workload` needs: what must be updated before it, and without which it is not updated.
pub fn needs(workload: &Workload, others: &[Workload]) -> Vec<String> {
    let label = |name: &str| workload.labels.get(name).map(String::as_str).unwrap_or_default();
    let list = |text: &'static str| label(text).split(',').map(str::trim).filter(|part| !part.is_empty());
    let named: Vec<&str> = NEEDS.iter().flat_map(|name| list(name)).map(|name| name.trim_start_matches('/')).collect();
    let services: Vec<&str> = list(COMPOSE).map(|part| part.split(':').next().unwrap_or(part)).collect();
    let is_needed = |other: &&Workload| {
        let is_service = other.project().is_some() && other.project() == workload.project();
        let of_project = is_service && other.service().is_some_and(|service| services.contains(&service));
        other.id != workload.id && (of_project || named.contains(&other.name.as_str()))
    };
    others.iter().filter(is_needed).map(|other| other.name.clone()).collect()
}

/// An order in which each of a number of things comes behind those that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// what comes when, by place
    pub places: Vec<usize>,
    /// what each needs, without what would lead in a circle
    pub needs: Vec<Vec<usize>>,
    /// the circles that were found, each by the places on it
    pub circles: Vec<Vec<usize>>,
}

/// Puts things in order of what each needs, by place; where nothing speaks against it they stay in the order in which they are.
pub fn order(needs: &[Vec<usize>]) -> Order {
    let mut order = Order { places: Vec::new(), needs: vec![Vec::new(); needs.len()], circles: Vec::new() };
    let mut marks = vec![Mark::New; needs.len()];
    for place in 0..needs.len() {
        visit(place, needs, &mut marks, &mut Vec::new(), &mut order);
    }
    order
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    OnTheWay,
    Done,
}

/// Goes to what `place` needs first. As deep as there are things on the way, which are as many as were asked for at once.
fn visit(place: usize, needs: &[Vec<usize>], marks: &mut [Mark], way: &mut Vec<usize>, order: &mut Order) {
    if marks[place] != Mark::New {
        return;
    }
    marks[place] = Mark::OnTheWay;
    way.push(place);
    for need in &needs[place] {
        match marks.get(*need) {
            None => continue,
            Some(Mark::OnTheWay) => {
                let from = way.iter().position(|on| on == need).unwrap_or(0);
                order.circles.push(way[from..].to_vec());
                continue;
            }
            Some(Mark::New) => visit(*need, needs, marks, way, order),
            Some(Mark::Done) => {}
        }
        order.needs[place].push(*need);
    }
    way.pop();
    marks[place] = Mark::Done;
    order.places.push(place);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        fleet::{ImageName, LocalImage},
        wire::WorkloadState,
    };

    fn workload(name: &str, labels: &[(&str, &str)]) -> Workload {
        let labels: BTreeMap<_, _> = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Workload {
            id: format!("id of {name}"),
            name: name.to_owned(),
            image: ImageName::Invalid(String::new()),
            local: LocalImage::default(),
            labels,
            created: 0,
            state: WorkloadState::Running,
            health: None,
        }
    }

    fn service(name: &str, project: &str, service: &str, needs: &str) -> Workload {
        workload(name, &[("com.docker.compose.project", project), ("com.docker.compose.service", service), (COMPOSE, needs)])
    }

    #[test]
    fn what_is_needed_is_named_by_labels_and_by_compose() {
        let all = [
            service("shop-web-1", "shop", "web", "db:service_healthy:true,cache:service_started:false"),
            service("shop-db-1", "shop", "db", ""),
            service("shop-db-2", "shop", "db", ""),
            service("shop-cache-1", "shop", "cache", ""),
            service("other-db-1", "other", "db", ""),
            workload("proxy", &[("plimsoll.depends-on", "shop-web-1, /dns,proxy")]),
            workload("dns", &[("com.centurylinklabs.watchtower.depends-on", "proxy")]),
        ];
        let names = |at: usize| needs(&all[at], &all);
        assert_eq!(names(0), ["shop-db-1", "shop-db-2", "shop-cache-1"]);
        assert_eq!(names(1), Vec::<String>::new());
        assert_eq!(names(5), ["shop-web-1", "dns"], "and not itself");
        assert_eq!(names(6), ["proxy"]);
    }

    #[test]
    fn each_comes_behind_what_it_needs() {
        for (what, needs, places, circles) in [
            ("nothing", vec![], vec![], vec![]),
            ("nobody needs anything", vec![vec![], vec![]], vec![0, 1], vec![]),
            ("a chain", vec![vec![1], vec![2], vec![]], vec![2, 1, 0], vec![]),
            ("a diamond", vec![vec![1, 2], vec![3], vec![3], vec![]], vec![3, 1, 2, 0], vec![]),
            ("a circle", vec![vec![1], vec![0], vec![0]], vec![1, 0, 2], vec![vec![0, 1]]),
            ("itself", vec![vec![0]], vec![0], vec![vec![0]]),
            ("what is not there", vec![vec![7]], vec![0], vec![]),
        ] {
            let order = order(&needs);
            assert_eq!((order.places, order.circles), (places, circles), "{what}");
        }
    }

    proptest! {
        #[test]
        fn everything_comes_once_and_behind_what_is_left_of_its_needs(needs in prop::collection::vec(prop::collection::vec(0..12_usize, 0..4), 0..12)) {
            let order = order(&needs);
            let mut sorted = order.places.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..needs.len()).collect::<Vec<_>>());
            let at = |place: usize| order.places.iter().position(|one| *one == place).unwrap();
            for (place, needs) in order.needs.iter().enumerate() {
                prop_assert!(needs.iter().all(|need| at(*need) < at(place)));
            }
        }
    }
}
