"""The assistant: a Rasa model, the engine that answers with it, and its private HTTP server.

AssistantError
├── BadRequest            a request that is not of the HTTP contract (our caller's fault)
├── OverBudget            the answer took longer than DALIL_ASSISTANT_BUDGET_SECONDS
├── ActionFailed          an action raised; Rasa would have gone on in silence
└── ModelError
    ├── ModelMissing      no model has been trained
    └── ModelRefused      its hash, its format or Rasa's version is not the expected one
"""
