"""One small transformer for names, tags, trees and sentence ends.

MiniLM's lower layers (Wang et al. 2020), taught by a deeper model; `annotator.training.encoder`
makes the weights.

`encoder_pipe` is the spaCy component; the other modules need neither spaCy nor torch.
"""
