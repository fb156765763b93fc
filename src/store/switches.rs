//! Table `switches`: the workloads that are updated without being asked for.

use super::{Store, StoreError};

impl Store {
    /// Host and name of all of them.
    pub async fn switches(&self) -> Result<Vec<(String, String)>, StoreError> {
        todo!()
    }

    /// Moves the switch of a workload.
    pub async fn save_switch(&self, _host: &str, _name: &str, _on: bool) -> Result<(), StoreError> {
        todo!()
    }
}
