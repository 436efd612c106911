"""Runs Rasa's prediction graph in an order planned once.

Rasa's DaskGraphRunner plans anew for each of the three runs of a message; that took longer than our components do.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class PlannedRunner(GraphRunner):
    """One node after another, each after those it needs."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plan = cache(self._order)

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> PlannedRunner:
        """Load every node of the graph."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def _order(self, target: str) -> tuple[str, ...]:
        """Names of the nodes that `target` needs, itself last."""
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in self._nodes and name not in order:
                for needed in self._schema.nodes[name].needs.values():
                    visit(needed)
                order[name] = None

        visit(target)
        return tuple(order)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets`, given the `inputs` of the placeholders."""
        values: dict[str, Any] = dict(inputs or {})
        wanted = targets or self._schema.target_names
        for target in wanted:
            for name in self._plan(target):
                if name not in values:
                    needed = self._schema.nodes[name].needs.values()
                    _, values[name] = self._nodes[name](*((other, values[other]) for other in needed))
        return {target: values[target] for target in wanted}
