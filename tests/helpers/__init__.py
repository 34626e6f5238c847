"""What tests of several folders share: values, strategies, stores in a state, processes."""
