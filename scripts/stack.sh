# shellcheck shell=bash disable=SC2034
# Sourced by deploy and destroy, after env.sh: which stack is meant, of which
# account and region, and what is known of it.

stack=$(sed -n 's/^stack_name = "\(.*\)"$/\1/p' samconfig.toml)
yes=

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

# The stack's status, or nothing where there is none of this name.
stack_status() {
    local answer
    if answer=$(aws cloudformation describe-stacks --stack-name "$stack" \
        --query 'Stacks[0].StackStatus' --output text 2>&1); then
        echo "$answer"
    elif [[ $answer != *"does not exist"* ]]; then
        fail "${answer//$'\n'/ }"
    fi
}

# Whether somebody sits there who can answer, and can be shown a secret. What a
# pipeline shows is kept, even where it has a terminal.
is_terminal() { [[ -t 0 && -t 1 && -z ${CI:-} ]]; }
