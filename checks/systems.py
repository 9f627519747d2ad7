"""template.yaml with some of its systems: what is left when the conditions that ask
for them are decided, and all others stay."""

from itertools import chain, combinations

SYSTEMS = ("visits", "jobs", "items")
# Every choice, from all of them to the counter alone.
CHOICES = [*chain.from_iterable(combinations(SYSTEMS, size) for size in range(len(SYSTEMS), -1, -1))]
NOTHING = object()


def choice(systems):
    """The value of the parameter `Systems`."""
    return ",".join(systems)


def only(template, systems=SYSTEMS):
    """The expanded `template` as it is with these systems."""
    conditions = template.get("Conditions", {})

    def decide(condition):
        """True, False, or what of the condition is open."""
        match condition:
            case {"Fn::Equals": [{"Ref": "Systems"}, value]}:
                return value == choice(systems)
            case {"Condition": name}:
                decided = decide(conditions[name])
                return decided if isinstance(decided, bool) or "Condition" in decided else {"Condition": name}
            case {"Fn::Not": [inner]}:
                decided = decide(inner)
                return not decided if isinstance(decided, bool) else condition
            case {"Fn::And": parts} | {"Fn::Or": parts}:
                ends = "Fn::Or" in condition
                parts = [decide(part) for part in parts]
                if ends in [part for part in parts if isinstance(part, bool)]:
                    return ends
                open_ = [part for part in parts if not isinstance(part, bool)]
                if not open_:
                    return not ends
                return open_[0] if len(open_) == 1 else {"Fn::Or" if ends else "Fn::And": open_}
        return condition

    def decided(value):
        match value:
            case {"Fn::If": [name, yes, no]}:
                match decide({"Condition": name}):
                    case bool(holds):
                        chosen = yes if holds else no
                        return NOTHING if chosen == {"Ref": "AWS::NoValue"} else decided(chosen)
                    case {"Condition": name}:
                        return {"Fn::If": [name, decided(yes), decided(no)]}
            case {"Fn::Sub": [text, {**values}]} if "Fn::If" in str(values):
                # Of one text again, as it would be written without a choice.
                for name, part in decided(values).items():
                    text = text.replace(f"${{{name}}}", part["Fn::Sub"] if isinstance(part, dict) else part)
                return {"Fn::Sub": text}
            case dict():
                items = {key: decided(item) for key, item in value.items()}
                return {key: item for key, item in items.items() if item is not NOTHING}
            case list():
                items = [decided(item) for item in value]
                return [item for item in items if item is not NOTHING]
        return value

    def conditional(things):
        """Those whose condition is not decided against them."""
        kept = {}
        for name, thing in things.items():
            thing = dict(thing)
            condition = thing.pop("Condition", None)
            holds = True if condition is None else decide({"Condition": condition})
            if holds is False:
                continue
            kept[name] = decided(thing)
            if holds is not True:
                kept[name]["Condition"] = holds["Condition"]
        return kept

    open_ = {name: decide(condition) for name, condition in conditions.items()}
    return {
        **template,
        # Neither those that are decided, nor those that have become another.
        "Conditions": {
            name: conditions[name] for name, holds in open_.items() if not isinstance(holds, bool) and "Condition" not in holds
        },
        "Resources": conditional(template["Resources"]),
        "Outputs": conditional(template.get("Outputs", {})),
    }
