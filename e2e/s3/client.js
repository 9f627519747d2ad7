// The AWS SDK for JavaScript by its verbs: `client.js <verb> <argument>…`.

import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const Bucket = process.env.BUCKET;
const client = new S3Client({ endpoint: process.env.ENDPOINT, region: "eu-west-1" });

const verbs = {
  async put(file, Key) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(file) }));
  },
  async get(Key, file) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    writeFileSync(file, await Body.transformToByteArray());
  },
  async list(Prefix) {
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
      for (const { Key } of page.Contents ?? []) console.log(Key);
    }
  },
  async move(from, Key) {
    const CopySource = `${Bucket}/${from.split("/").map(encodeURIComponent).join("/")}`;
    await client.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: from }));
  },
  async delete(...keys) {
    const Delete = { Objects: keys.map((Key) => ({ Key })) };
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    if (Errors?.length) throw new Error(JSON.stringify(Errors));
  },
  async presign(Key) {
    console.log(await getSignedUrl(client, new GetObjectCommand({ Bucket, Key })));
  },
  async multipart(file, Key) {
    const params = { Bucket, Key, Body: createReadStream(file) };
    await new Upload({ client, params, partSize: 5 * 1024 * 1024 }).done();
  },
  async makeBucket() {
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    console.log(Buckets.map(({ Name }) => Name).join("\n"));
  },
};

const [verb, ...words] = process.argv.slice(2);
await verbs[verb](...words);
