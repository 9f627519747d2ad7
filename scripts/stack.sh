# shellcheck shell=bash disable=SC2034
# Sourced by the scripts that work on a stack, after env.sh: which stack is meant,
# of which account and region, and what is known of it.

stack=$(sed -n 's/^stack_name = "\(.*\)"$/\1/p' samconfig.toml)
stage='' role_arn='' yes=''

# Takes the options that these scripts share: `stack_option "$@"` fails where the
# first argument is none of them, and otherwise sets `taken` to how many to shift.
stack_option() {
    taken=2
    case $1 in
        --stack-name) stack=${2:?--stack-name needs a name} ;;
        --stage)
            stage=${2:?--stage needs a name}
            [[ $stage =~ ^[a-z][a-z0-9]{0,10}$ ]] || fail "a stage's name has up to eleven small letters and digits"
            # In front, so that what is allowed for `resume-counter-*` ends here.
            stack=$stage-$stack
            ;;
        --role-arn) role_arn=${2:?--role-arn needs the ARN of a role} ;;
        --yes) yes=1 taken=1 ;;
        *) return 1 ;;
    esac
}

# Stops unless the environment says who asks and where.
find_account() {
    scripts/setup deploy
    region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
    [[ $region ]] || fail "no region is chosen: export AWS_REGION, such as eu-west-1"
    # Programs differ in which of the two they read.
    export AWS_REGION=$region AWS_DEFAULT_REGION=$region
    account=$(aws sts get-caller-identity --query Account --output text 2>&1) ||
        fail "AWS does not know who asks: ${account//$'\n'/ }"
    # Nobody is there to close a pager.
    export AWS_PAGER=
}

# A stack's status, or nothing where there is none of this name:
# `stack_status <name> [option]…`.
stack_status() {
    local answer
    if answer=$(aws cloudformation describe-stacks --stack-name "$1" "${@:2}" \
        --query 'Stacks[0].StackStatus' --output text 2>&1); then
        echo "$answer"
    elif [[ $answer != *"does not exist"* ]]; then
        fail "${answer//$'\n'/ }"
    fi
}

# Reads the stack's outputs and parameters, a line each.
read_facts() {
    facts=$(aws cloudformation describe-stacks --stack-name "$stack" --output text \
        --query 'Stacks[0].[Outputs[].[OutputKey, OutputValue], Parameters[].[ParameterKey, ParameterValue]][]')
}

# One of them, or nothing.
fact() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' <<<"$facts"; }

# The stack's resources of a type, by their own names.
resources_of_type() {
    aws cloudformation list-stack-resources --stack-name "$stack" --output text \
        --query "StackResourceSummaries[?ResourceType=='$1'].[PhysicalResourceId]"
}

# Whether somebody sits there who can answer, and can be shown a secret. What a
# pipeline shows is kept, even where it has a terminal.
is_terminal() { [[ -t 0 && -t 1 && -z ${CI:-} ]]; }
