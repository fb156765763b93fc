//! Table `settings`.

use serde::{Serialize, de::DeserializeOwned};

use super::{Store, StoreError, json};

impl Store {
    /// A setting; none where it was never set.
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let failed = "read a setting";
        let text: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::failed(failed))?;
        // what stands there may be a secret: the message names the setting alone
        let unreadable = || StoreError::Failed { doing: failed, detail: format!("`{name}` is not what it should be") };
        text.map(|text| json::value(&text).ok_or_else(unreadable)).transpose()
    }

    /// Keeps settings, all or none.
    pub async fn save_settings<T: Serialize>(&self, settings: &[(&str, T)]) -> Result<(), StoreError> {
        let failed = || StoreError::failed("keep a setting");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        for (name, value) in settings {
            sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .bind(*name)
                .bind(json::text(value))
                .execute(&mut *transaction)
                .await
                .map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())
    }

    /// Keeps one setting.
    pub async fn save_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        self.save_settings(&[(name, value)]).await
    }
}
