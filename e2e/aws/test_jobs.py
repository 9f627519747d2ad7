"""Job offers: from a CSV file in the bucket to the API, through the real programs."""

from pipeline import COLUMNS, PipelineTest, rows


class FilesTest(PipelineTest):
    def test_every_row_of_four_files_arrives_once(self):
        first = 0
        for count in [141, 252, 215, 1000]:
            self.put(f"job_offers/{count}.csv", rows(range(first, first + count), "Four Files"))
            first += count
        wanted = sorted(map(str, range(1608)))
        self.wait_until(lambda: len(self.stored("Four Files")), 1608)
        self.assertEqual(self.stored("Four Files"), wanted)
        # A file that comes again changes nothing.
        self.put("job_offers/141.csv", rows(range(141), "Four Files"))
        self.put("job_offers/after.csv", rows(["after"], "After"))
        self.wait_until(lambda: self.stored("After"), ["after"])
        self.wait_until(lambda: self.depth("JobsQueue"), 0)
        self.assertEqual(self.stored("Four Files"), wanted)
        self.assertIsNone(self.report("141.csv"))

    def test_keys_may_have_spaces_signs_and_letters_of_any_kind(self):
        names = ["Aix en Provence", "a+b", "100%", "%41", "求人 été", "x/y&z=1?"]
        for n, name in enumerate(names):
            self.put(f"job_offers/{name}.csv", rows([n], "Keys") + "bad\n")
        self.wait_until(lambda: self.stored("Keys"), sorted(map(str, range(len(names)))))
        for name in names:
            self.assertIn("the row has 1 column instead of 11", self.report(f"{name}.csv") or "", name)

    def test_bad_rows_are_in_the_report_and_the_others_are_stored(self):
        text = rows([1, 2], "Rejects").encode()
        text += b",Rejects,,,,,,,,,\n5,,,,,,,,,,\nno row\n7,Rejects,caf\xe9,,,,,,,,\n8,Rejects,"
        text += b"x" * 2_000_000 + b",,,,,,,,\n9,Rejects,,,,,,,,,\n"
        self.put("job_offers/bad.csv", text)
        self.wait_until(lambda: self.stored("Rejects"), ["1", "2", "7", "9"])
        self.wait_until(
            lambda: self.report("bad.csv"),
            "line,reason\n"
            '4,"`id` is missing"\n'
            '5,"`city` is missing"\n'
            '6,"the row has 1 column instead of 11"\n'
            '8,"the row is longer than 65536 bytes"\n'
            ',"line 7 is not UTF-8 and is read as Windows-1252, which is a guess"\n',
        )

    def test_a_file_without_rows_or_header_is_told_in_its_report(self):
        self.put("job_offers/empty.csv", "")
        self.put("job_offers/no-city.csv", COLUMNS.replace("city,", ""))
        self.put("job_offers/header.csv", COLUMNS + "\n")
        self.put("job_offers/last.csv", rows(["last"], "Last"))
        self.wait_until(lambda: self.report("empty.csv"), 'line,reason\n1,"the file is empty: it has no header"\n')
        reason = 'the header lacks the column ""city"", so no row of the file can be read'
        self.wait_until(lambda: self.report("no-city.csv"), f'line,reason\n1,"{reason}"\n')
        self.wait_until(lambda: self.stored("Last"), ["last"])
        self.assertIsNone(self.report("header.csv"))

    def test_files_elsewhere_are_left_alone(self):
        for key in ["x.csv", "job_offers/x.txt", "job_offers_rejected/x.csv"]:
            self.put(key, rows(["elsewhere"], "Elsewhere"))
        self.put("job_offers/here.csv", rows(["here"], "Here"))
        self.wait_until(lambda: self.stored("Here"), ["here"])
        self.assertEqual(self.stored("Elsewhere"), [])


class PoisonTest(PipelineTest):
    def test_a_poison_message_is_a_dead_letter_after_ten_receives_and_its_batchs_others_are_stored(self):
        good = [{"id": str(n), "city": "Poison"} for n in range(9)]
        poison = "this is no job offer"
        with self.given_again_after_a_second():
            self.send([*good[:4], poison, *good[4:]])
            self.wait_until(lambda: self.stored("Poison"), [offer["id"] for offer in good])
            self.wait_until(lambda: self.depth("JobsDeadLetters"), 1)
        self.assertEqual(self.depth("JobsQueue"), 0)
        [letter] = self.take_dead_letters()
        self.assertEqual(letter["Body"], poison)
        self.assertEqual(self.received(letter["MessageId"]), 10)

    def received(self, message):
        """How often the function said of a message that it was not stored."""
        logs = self.stack.client("logs").filter_log_events(
            logGroupName=self.stack.resources["JobsStoreFunctionLogGroup"], filterPattern=f'"{message}"'
        )
        return sum("not stored" in event["message"] for event in logs["events"])


class ApiTest(PipelineTest):
    OFFER = {"city": "Api", "company_name": "Pain et Cie", "title": "Boulanger", "contract_type": "CDI"}

    def test_the_owner_makes_changes_and_deletes_an_offer(self):
        posted = self.ask_as_owner("POST /v1/jobs", self.OFFER)
        self.assert_answer(posted, 201)
        offer = posted.json()
        self.assertEqual({**offer, **self.OFFER}, offer)
        path = f"/v1/jobs/{offer['id']}"
        self.assertEqual(posted.headers["location"], path)
        self.assert_answer(self.ask("OwnerApi", f"GET {path}"), 200, offer)
        changed = {**offer, "title": "Boulangère"}
        self.assert_answer(self.ask_as_owner(f"PUT {path}", {"title": "Boulangère"}), 200, changed)
        self.assert_answer(self.ask("OwnerApi", f"GET {path}"), 200, changed)
        self.assert_answer(self.ask("OwnerApi", "GET /v1/jobs?city=Api"), 200, [changed])
        for status in [204, 404]:
            self.assert_answer(self.ask_as_owner(f"DELETE {path}"), status)
        self.assert_answer(self.ask("OwnerApi", f"GET {path}"), 404)
        self.assert_answer(self.ask_as_owner(f"PUT {path}", {"title": "Boulanger"}), 404)

    def test_all_faults_of_a_body_are_named_at_once(self):
        answer = self.ask_as_owner("POST /v1/jobs", {"city": "", "colour": "red"})
        self.assert_answer(answer, 422)
        for name in ["city", "company_name", "title", "contract_type", "colour"]:
            self.assertIn(f"`{name}`", answer.json()["message"])

    def test_pages_follow_one_another(self):
        self.put("job_offers/pages.csv", rows(range(25), "Pages"))
        self.wait_until(lambda: len(self.stored("Pages")), 25)
        first = self.ask("OwnerApi", "GET /v1/jobs?city=Pages&keyword=pain&limit=20")
        self.assert_answer(first, 200)
        self.assertEqual(len(first.json()), 20)
        self.assertIn('rel="next"', first.headers["link"])

    def test_health_is_an_empty_list(self):
        self.assert_answer(self.ask("OwnerApi", "GET /v1/health"), 200, [])
