"""A provider of AWS for Terraform's own checks: it knows the arguments of each
resource, and nothing of AWS. AWS's answers are unknown in a plan, and made up once
the plan is applied or a data source read."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import msgpack
from schema import Block
from tf.gen import tfplugin_pb2 as wire
from tf.gen import tfplugin_pb2_grpc as service

UNKNOWN = msgpack.ExtType(0, b"\0")


def wire_schema(block):
    return wire.Schema(version=1, block=wire_block(block))


def wire_block(block):
    nesting = wire.Schema.NestedBlock
    return wire.Schema.Block(
        attributes=[
            wire.Schema.Attribute(
                name=name,
                type=json.dumps(attribute.type).encode(),
                required=attribute.required,
                optional=attribute.settable and not attribute.required,
                # The package does not tell which optional ones AWS fills in.
                computed=not attribute.required,
            )
            for name, attribute in block.attributes.items()
        ],
        block_types=[
            nesting(
                type_name=name,
                block=wire_block(child),
                nesting=nesting.SET if child.nesting == "set" else nesting.LIST,
                min_items=int(child.required),
                max_items=int(child.nesting == "single"),
            )
            for name, child in block.blocks.items()
        ],
    )


def pack(state):
    return wire.DynamicValue(msgpack=msgpack.packb(state))


def unpack(value):
    return msgpack.unpackb(value.msgpack)


def made_up(state, block):
    """A state without unknown values; a text is the argument's name."""

    def value(name, attribute):
        if not isinstance(attribute.type, str):
            return {} if attribute.type[0] == "map" else []
        return {"number": 1, "bool": False, "dynamic": None}.get(attribute.type, name)

    return {n: value(n, block.attributes[n]) if v == UNKNOWN else v for n, v in state.items()}


class Provider(service.ProviderServicer):
    def __init__(self, blocks):
        self.resources = {name: block for name, block in blocks.items() if not name.startswith("data.")}
        self.data = {name.removeprefix("data."): block for name, block in blocks.items() if name.startswith("data.")}

    def GetProviderSchema(self, request, context):
        return wire.GetProviderSchema.Response(
            provider=wire_schema(Block()),
            provider_meta=wire_schema(Block()),
            resource_schemas={name: wire_schema(block) for name, block in self.resources.items()},
            data_source_schemas={name: wire_schema(block) for name, block in self.data.items()},
        )

    def ValidateProviderConfig(self, request, context):
        return wire.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request, context):
        return wire.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request, context):
        return wire.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request, context):
        return wire.ConfigureProvider.Response()

    def PlanResourceChange(self, request, context):
        state = unpack(request.proposed_new_state)
        attributes = self.resources[request.type_name].attributes
        # A resource that is to be destroyed has no new state.
        planned = state and {n: UNKNOWN if v is None and n in attributes else v for n, v in state.items()}
        return wire.PlanResourceChange.Response(planned_state=pack(planned), legacy_type_system=True)

    def ApplyResourceChange(self, request, context):
        state = unpack(request.planned_state)
        return wire.ApplyResourceChange.Response(
            new_state=pack(state and made_up(state, self.resources[request.type_name])), legacy_type_system=True
        )

    def ReadResource(self, request, context):
        return wire.ReadResource.Response(new_state=request.current_state)

    def UpgradeResourceState(self, request, context):
        return wire.UpgradeResourceState.Response(upgraded_state=wire.DynamicValue(json=request.raw_state.json))

    def ReadDataSource(self, request, context):
        state = {name: UNKNOWN if value is None else value for name, value in unpack(request.config).items()}
        return wire.ReadDataSource.Response(state=pack(made_up(state, self.data[request.type_name])))

    def StopProvider(self, request, context):
        return wire.StopProvider.Response()


@contextmanager
def serving(blocks, socket):
    """Serves the provider on `socket`; gives the environment in which Terraform
    calls it instead of looking for the real one."""
    server = grpc.server(ThreadPoolExecutor())
    service.add_ProviderServicer_to_server(Provider(blocks), server)
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    provider = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket)},
    }
    try:
        yield {"TF_REATTACH_PROVIDERS": json.dumps({"registry.terraform.io/hashicorp/aws": provider})}
    finally:
        server.stop(None)
