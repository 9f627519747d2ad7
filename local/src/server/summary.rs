//! The first words to the user.

use std::fmt::Write;

use super::Server;
use crate::pipeline;
use crate::system::System;

impl Server {
    /// The lines for the user on everything that is served.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let at = self.site_port.address;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "page     {}", self.page.at(at));
        let _ = writeln!(
            text,
            "counter  http://{at}/counter?path=<host and pathname>"
        );
        if self.systems.has(System::Visits) {
            let _ = writeln!(
                text,
                "visits   http://{at}/visits, for the owner http://{at}/dashboard/"
            );
        }
        if self.systems.has(System::Items) {
            let _ = writeln!(
                text,
                "items    http://{at}/order, http://{at}/dynamodbmanager, for the owner"
            );
        }
        if let Some(bucket) = self.bucket_address() {
            let _ = writeln!(
                text,
                "jobs     http://{at}/jobs/ and http://{at}/v1/jobs, from CSV files in s3://{} of the S3 endpoint http://{bucket}",
                pipeline::FOLDER,
            );
        }
        if let Some((port, key)) = &self.store_port {
            let _ = writeln!(
                text,
                "dynamodb http://{}, with AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}",
                port.address, key.id, key.secret
            );
        }
        let _ = writeln!(text, "owner    {}", self.token);
        let _ = writeln!(text, "data     {}", self.store.description);
        text
    }
}
