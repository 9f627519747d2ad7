//! A job offer on the wire: in a row of a CSV file, in the queue, and in the API.

use serde::{Deserialize, Serialize};

/// A job offer. An empty value is a missing one, and is left out of the JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields, expecting = "a job offer")]
#[allow(missing_docs, reason = "the names say it")]
pub struct JobOffer {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contract_type: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company_sector: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_experience: String,
    /// The search that found the offer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub keyword: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub created_date: String,
    /// The site that the offer was found on.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provider: String,
}

impl JobOffer {
    /// The names of all fields.
    pub const FIELDS: [&str; 11] = [
        "id",
        "city",
        "company_name",
        "title",
        "url",
        "contract_type",
        "company_sector",
        "user_experience",
        "keyword",
        "created_date",
        "provider",
    ];

    /// The value of a field, by its name.
    pub fn get_mut(&mut self, field: &str) -> Option<&mut String> {
        match field {
            "id" => Some(&mut self.id),
            "city" => Some(&mut self.city),
            "company_name" => Some(&mut self.company_name),
            "title" => Some(&mut self.title),
            "url" => Some(&mut self.url),
            "contract_type" => Some(&mut self.contract_type),
            "company_sector" => Some(&mut self.company_sector),
            "user_experience" => Some(&mut self.user_experience),
            "keyword" => Some(&mut self.keyword),
            "created_date" => Some(&mut self.created_date),
            "provider" => Some(&mut self.provider),
            _ => None,
        }
    }

    /// The fields that have a value, with their names.
    pub fn into_values(self) -> impl Iterator<Item = (&'static str, String)> {
        let values = [
            self.id,
            self.city,
            self.company_name,
            self.title,
            self.url,
            self.contract_type,
            self.company_sector,
            self.user_experience,
            self.keyword,
            self.created_date,
            self.provider,
        ];
        let named = Self::FIELDS.into_iter().zip(values);
        named.filter(|(_, value)| !value.is_empty())
    }

    /// The most bytes that a value of `field` may have. Three fields are keys
    /// of an index, and DynamoDB takes 1,024 bytes of such a key.
    pub fn max_bytes(field: &str) -> usize {
        match field {
            "id" | "city" | "keyword" => 1_024,
            _ => 2_048,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fields_name_leads_to_its_value_and_back() {
        let mut offer = JobOffer::default();
        for name in JobOffer::FIELDS {
            *offer.get_mut(name).unwrap() = name.to_owned();
        }
        let json = serde_json::to_value(&offer).unwrap();
        for (name, value) in offer.into_values() {
            assert_eq!(name, value);
            assert_eq!(json[name], value);
        }
        assert_eq!(json.as_object().unwrap().len(), JobOffer::FIELDS.len());
    }
}
