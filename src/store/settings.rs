//! Table `settings`.

use serde::{Serialize, de::DeserializeOwned};

use super::{Store, StoreError};

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
        let unreadable = |_| StoreError::Failed { doing: failed, detail: format!("`{name}` is not what it should be") };
        text.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }

    /// Keeps settings, all or none.
    pub async fn save_settings(&self, settings: &[(&str, serde_json::Value)]) -> Result<(), StoreError> {
        let failed = || StoreError::failed("keep a setting");
        let mut transaction = self.writer.begin().await.map_err(failed())?;
        for (name, value) in settings {
            sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .bind(*name)
                .bind(value.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())
    }

    /// Keeps one setting.
    pub async fn save_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let value = serde_json::to_value(value).expect("settings are plain data");
        self.save_settings(&[(name, value)]).await
    }
}
