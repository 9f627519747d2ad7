"""The rules for all pipelines, on every service."""

import os
import re
import subprocess
import unittest

from rules import BUILDSPECS, CODEPIPELINE, FILES, GITLAB, ROOT, WORKFLOWS, shell

FUNCTIONS = re.findall(r"^ +Binary: (\S+)$", (ROOT / "template.yaml").read_text(), re.M)


class Pipelines(unittest.TestCase):
    maxDiff = None

    def test_the_shell_in_them_passes_shellcheck(self):
        for place, script in shell():
            with self.subTest(place):
                # All of them stop where a command fails.
                check = subprocess.run(
                    ["shellcheck", "--shell=bash", "-"], input=f"set -e\n{script}", text=True, capture_output=True
                )
                self.assertEqual(check.returncode, 0, check.stdout + check.stderr)

    def test_the_scripts_they_call_are_there(self):
        called = {word for _, script in shell() for word in re.findall(r"(?:scripts|\.ci)/[\w-]+", script)}
        self.assertLessEqual({"scripts/junit", "scripts/functions", "scripts/sbom", "scripts/deploy", ".ci/run"}, called)
        for script in called:
            self.assertTrue(os.access(ROOT / script, os.X_OK) or script == ".ci/run", script)

    def test_what_may_ask_for_a_role_builds_nothing(self):
        """Whoever wrote a crate's build script is not to be whoever deploys."""
        may_ask = [job for job in WORKFLOWS["deploy.yml"]["jobs"].values() if job["permissions"].get("id-token")]
        scripts = ["\n".join(step.get("run", "") for step in job["steps"]) for job in may_ask]
        may_ask = [job for job in GITLAB.values() if isinstance(job, dict) and "id_tokens" in job]
        scripts += ["\n".join(job["script"]) for job in may_ask]
        self.assertEqual(len(scripts), 2)
        for script in scripts:
            self.assertNotRegex(script, r"scripts/(?:build|functions|sbom|sam build|junit)|cargo|--build-only")
            self.assertIn("--skip-build", script)

    def test_what_is_deployed_is_what_was_tested(self):
        """Each builds the functions once, tries these programs, and hands them on."""
        makes = {"deploy.yml, build": "--build-only", ".gitlab-ci.yml, package": "--build-only", "buildspec.yml": "scripts/sam build"}
        scripts = {}
        for place, script in shell():
            scripts[place] = f"{scripts.get(place, '')}\n{script}"
        for place, build in makes.items():
            self.assertLess(scripts[place].index(build), scripts[place].index("scripts/e2e --built .aws-sam/build"), place)
        packaged = scripts["buildspec.yml"]
        self.assertLess(packaged.index("scripts/e2e"), packaged.index("scripts/sam package"))
        jenkins = (ROOT / "Jenkinsfile").read_text()
        order = [jenkins.index(step) for step in ("'scripts/functions'", "scripts/e2e --built target/lambda", "-out=shown.tfplan", "apply shown.tfplan")]
        self.assertEqual(order, sorted(order))

    def test_scripts_get_their_modes_back_before_one_is_called(self):
        for name, spec in BUILDSPECS.items():
            self.assertEqual(spec["phases"]["install"]["commands"][0], "chmod +x scripts/* .ci/run", name)

    def test_none_has_a_key_or_asks_for_one(self):
        for path in FILES:
            text = path.read_text()
            for word in ("ACCESS_KEY", "access-key", "secrets.", "credentials(", "password"):
                self.assertNotIn(word, text, path.name)

    def test_images_and_compilers_are_one_and_pinned(self):
        images = {GITLAB["default"]["image"]}
        compilers = {GITLAB["variables"]["RUSTUP_TOOLCHAIN"]}
        for workflow in WORKFLOWS.values():
            for job in workflow["jobs"].values():
                if "steps" in job:
                    for runner in job.get("strategy", {}).get("matrix", {}).get("system", [job["runs-on"]]):
                        self.assertRegex(runner, r"-\d+(\.\d+)?$")
                    if "container" in job:
                        images.add(job["container"])
                    compilers.add(job["env"]["RUSTUP_TOOLCHAIN"])
        for spec in BUILDSPECS.values():
            compilers.add(spec["env"]["variables"]["RUSTUP_TOOLCHAIN"])
        (image,) = images
        (compiler,) = compilers
        # CodeBuild takes the same one from AWS's copy of the registry.
        build_image = CODEPIPELINE["Parameters"]["BuildImage"]["Default"]
        self.assertEqual(build_image, f"public.ecr.aws/docker/library/{image}")
        self.assertRegex(image, rf"^rust:{re.escape(compiler)}-trixie@sha256:[0-9a-f]{{64}}$")


class GitHub(unittest.TestCase):
    def test_actions_are_pinned_by_commit_with_their_version_beside(self):
        for path in (ROOT / ".github/workflows").glob("*.yml"):
            for line in re.findall(r"uses: (.+)", path.read_text()):
                if not line.startswith("./"):
                    self.assertRegex(line, r"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

    def test_nobody_may_more_than_this(self):
        rights = {
            (name, job): content["permissions"]
            for name, workflow in WORKFLOWS.items()
            for job, content in workflow["jobs"].items()
        }
        self.assertEqual(
            rights,
            {
                ("test.yml", "everything"): {"contents": "read"},
                ("test.yml", "elsewhere"): {"contents": "read"},
                ("deploy.yml", "test"): {"contents": "read"},
                ("deploy.yml", "build"): {"contents": "read"},
                ("deploy.yml", "deploy"): {"contents": "read", "id-token": "write"},
                ("release.yml", "build"): {"contents": "read"},
                ("release.yml", "publish"): {"attestations": "write", "contents": "write", "id-token": "write"},
            },
        )
        for workflow in WORKFLOWS.values():
            self.assertEqual(workflow["permissions"], {})

    def test_only_main_is_deployed_after_its_tests_one_at_a_time(self):
        deploy = WORKFLOWS["deploy.yml"]
        # PyYAML reads `on` as YAML 1.1 does: as a truth.
        self.assertEqual(deploy[True], {"push": {"branches": ["main"]}, "workflow_dispatch": None})
        self.assertEqual(deploy["concurrency"], {"group": "deploy", "cancel-in-progress": False})
        build, job = deploy["jobs"]["build"], deploy["jobs"]["deploy"]
        self.assertEqual((build["needs"], job["needs"]), ("test", "build"))
        self.assertEqual(job["environment"], "production")
        self.assertIn("github.ref == 'refs/heads/main'", build["if"])
        self.assertEqual(job["steps"][-1], {"run": "scripts/deploy --yes --skip-build"})

    def test_a_release_is_published_by_what_builds_nothing(self):
        release = WORKFLOWS["release.yml"]
        self.assertEqual(release[True], {"push": {"tags": ["v*"]}})
        publish = release["jobs"]["publish"]
        self.assertEqual(publish["needs"], "build")
        script = "\n".join(step.get("run", "") for step in publish["steps"])
        self.assertNotRegex(script, r"scripts/|cargo")

    def test_the_functions_keep_their_modes_on_their_way(self):
        build, job = (WORKFLOWS["deploy.yml"]["jobs"][name]["steps"] for name in ("build", "deploy"))
        self.assertIn({"run": "tar -cf built.tar .aws-sam/build site/dist"}, build)
        self.assertIn({"run": "tar -xf built.tar"}, job)


class GitLab(unittest.TestCase):
    def test_every_function_is_built_and_tested_in_a_job_of_its_own(self):
        self.assertEqual(GITLAB["stages"], ["build", "test", "deploy"])
        self.assertEqual(GITLAB[".each-function"], {"parallel": {"matrix": [{"FUNCTION": FUNCTIONS}]}})
        self.assertIn(f"set -- {' '.join(FUNCTIONS)}\n", (ROOT / "scripts/functions").read_text())
        for stage in ("build", "test"):
            self.assertEqual((GITLAB[stage]["extends"], GITLAB[stage]["stage"]), (".each-function", stage))

    def test_the_deployment_takes_its_role_by_a_token(self):
        deploy = GITLAB["deploy"]
        self.assertEqual(deploy["id_tokens"], {"AWS_ID_TOKEN": {"aud": "sts.amazonaws.com"}})
        self.assertEqual(
            deploy["rules"], [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $AWS_ROLE_ARN && $AWS_REGION"}]
        )
        self.assertEqual(deploy["script"][-1], "scripts/deploy --yes --skip-build")
        self.assertEqual(deploy["dependencies"], ["package"])
        self.assertLessEqual(set(GITLAB["package"]["artifacts"]["paths"]), {".aws-sam/build", "site/dist"})


if __name__ == "__main__":
    unittest.main()
