"""A file of job offers, every eleventh row of which cannot be used: rows a second from
the file to the table, the most memory, and a report with each bad row. Another
program is measured beside it, in turns, with a file that is good.
"""

import subprocess
import time

from program import TOKEN, Program

HEADER = "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider"
GOOD_ROWS_TO_A_BAD_ONE = 10


def row(number, offer_id):
    return (
        f'{offer_id},City {number % 1000},"Company {number}, Sons & Daughters",A job like many others {number},'
        f"https://jobs.example/offers/{number},permanent,services,NULL,keyword {number % 100},2026-11-01,example\n"
    )


def write_file(path, rows, bad_rows):
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for number in range(rows):
            file.write(row(number, f"offer-{number}"))
            if number % GOOD_ROWS_TO_A_BAD_ONE == 0 and number // GOOD_ROWS_TO_A_BAD_ONE < bad_rows:
                file.write(row(number, ""))
    return path


def load(path, file, data, bad_rows):
    """The program's first words on the file, the seconds, the memory, and the rows in the report."""
    environment = {"HOME": "/nonexistent", "RESUME_COUNTER_OWNER_TOKEN": TOKEN}
    with Program(path, "--data-dir", str(data)) as program:
        began = time.monotonic()
        command = [path, "jobs", "load", "--data-dir", str(data), str(file)]
        loaded = subprocess.run(command, env=environment, capture_output=True, text=True)
        seconds = time.monotonic() - began
        said, memory = loaded.stdout.strip().splitlines()[:1], program.peak_memory()
        if not bad_rows:
            return said, seconds, memory, 0
        host, port = program.bucket
        url = f"http://{host}:{port}/job-offers/job_offers_rejected/{file.name}"
        signature = ["--aws-sigv4", "aws:amz:eu-west-1:s3", "--user", f"owner:{TOKEN}"]
        unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]
        report = subprocess.run(["curl", "--silent", *signature, *unsigned, url], capture_output=True, text=True)
        lines = {line for line in report.stdout.splitlines() if line[:1].isdigit()}
        return said, seconds, memory, len(lines)


def run(options, scratch):
    rows, bad_rows = options.rows, options.rows // GOOD_ROWS_TO_A_BAD_ONE
    file = write_file(scratch / "offers.csv", rows, bad_rows)
    said, seconds, memory, lines = load(options.program, file, scratch / "data", bad_rows)
    print(f"  {rows + bad_rows} rows, {bad_rows} of them bad: {(rows + bad_rows) / seconds:.0f} rows a second")
    print(f"  {memory:.1f} MB at most; {lines} rows in the report; {said}")
    expected = f"{rows + bad_rows} rows read, {rows} stored, 0 already there, {bad_rows} refused, 0 dead"
    good = write_file(scratch / "good.csv", rows, 0)
    rates = []
    for turn, path in enumerate([options.program, options.beside] * 2 if options.beside else []):
        said_of_good, seconds, memory, _ = load(path, good, scratch / f"turn-{turn}", 0)
        rates.append(rows / seconds)
        print(f"  {path}: {rows / seconds:.0f} rows a second, {memory:.1f} MB at most; {said_of_good}", flush=True)
    if rates:
        print(f"  {sum(rates[::2]) / sum(rates[1::2]):.2f} times as fast as what is beside it")
    return said == [expected] and lines == bad_rows
