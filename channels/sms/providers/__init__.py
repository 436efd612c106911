"""The SMS providers: `base` is the contract, each folder one provider."""
