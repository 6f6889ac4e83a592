"""What each experiment asks, and what differs from the paper: words that no measurement changes."""

ACCURACY_ASKED = (
    "How fast, and how closely, does a spiking network come to its ReLU network, without "
    "normalization and with model-based and data-based normalization?"
)
ACCURACY_AXES = (
    "Accuracy on the test images over simulated time. The accuracy axis is stretched towards "
    "100 %: equal distances are equal ratios of errors, so that from 90 to 95 % is about as far as "
    "from 98 to 99 %. Time is logarithmic. The dashed line is the ReLU network."
)
ACCURACY_DIFFERS = (
    "The networks are trained anew (`docs/training.md` has the recipes), so their accuracies "
    "differ from the paper's networks by chance. What a conversion costs is the difference within "
    "a row: the paper lost 0.24 points on the fully connected network (98.84 % to 98.60 %) and "
    "0.04 on the ConvNet (99.14 % to 99.10 %).",
    "Data-based normalization here carries each layer's scale to the next, as the paper writes. "
    "The released MATLAB code carries the applied factor instead, which is wrong from the third "
    "weight layer on: rates of the output, and with them latency, are not those of the paper's "
    "text. `normalize(variant='released')` does the same.",
    "The released code multiplies hidden activations by 1 - dropout when it measures them, and "
    "leaves that factor out of the spiking simulation: its fully connected network is driven 2 "
    "and 4 times harder than measured. Dropout here scales during training, so that activations "
    "and spikes mean the same.",
    "Model-based normalization is silent for most or all of the time: it divides by the largest "
    "sum of positive weights (several units in each layer), as if all these inputs could be white "
    "at once, and the rates shrink by that much in every layer. The authors' code can leave the "
    "last layer out, and its convolutional script always does; both ways are shown.",
    "Until an output neuron has spiked, all are tied, and a tie is the lowest class, as in the "
    "authors' code: an accuracy that begins at the share of zeros is no classification.",
    "All networks are without biases, as the paper's, so that an input rate can be chosen freely.",
)

SEEDS_ASKED = (
    "How much of this is the chance of one draw of input spikes, and of one test set? And when "
    "does a network come within 1 % and within 0.1 % of its ReLU network?"
)
SEEDS_DIFFER = (
    "The paper shows single runs. Its abstract says that many of its networks are close to their "
    "maximum after only 20 ms of simulated time.",
)

FIRST_SPIKE_ASKED = (
    "How good is a classification at the very first output spike, and when does that come?"
)
FIRST_SPIKE_DIFFERS = (
    "The paper reports that its networks are accurate already after the first output spike; it "
    "gives no number for it.",
    "Ties in one step go to the lowest class, as in the authors' code.",
)

STOPPING_ASKED = (
    "How long does an image have to be simulated? What does it save to stop when the leading class "
    "is some output spikes ahead, and what does that change?"
)
STOPPING_DIFFERS = (
    "The paper simulates every image for the same time. `simulate(..., stop_margin=)` is an "
    "approximation: the table says how many predictions it changes.",
)

GRIDS_ASKED = (
    "Which input rate and threshold does each network need? Without normalization the paper "
    "searched for both on a grid; normalization should make the search unnecessary."
)
GRIDS_DIFFER = (
    "The paper's best unnormalized networks ran at 200 Hz (fully connected) and 400 Hz (ConvNet); "
    "how good its other choices were is not known in numbers.",
    "Cells are compared on training images that no training saw; the test images are simulated "
    "once, at the best cell.",
    "Thresholds are of all populations, pools included, as in the authors' code. What decides is "
    "the ratio of a neuron's weights to its threshold, and the ratio is bounded on both sides: "
    "too high a threshold leaves too few spikes, too low a one more than one spike per step.",
)

COST_ASKED = (
    "What does a classification cost in spikes and synaptic operations as time goes on, against "
    "the multiply-accumulates of the ReLU network?"
)
COST_DIFFERS = (
    "The paper counts no operations. Names and definitions are NeuroBench's (`docs/metrics.md`); "
    "Dense is every synapse once per step (or once per image in a ReLU network), Effective leaves "
    "out factors of 0. An operation of a spiking network is an addition, of a ReLU network a "
    "multiplication and an addition.",
    "Spikes here are cheap where inputs are dark and hidden rates low; they were not optimized "
    "for: a rate of 1000 Hz is the paper's choice for speed in simulated time.",
)

RELEASED_ASKED = (
    "What does it change that the released MATLAB code carries the applied factor from layer to "
    "layer, where the paper's rule carries the scale?"
)
RELEASED_DIFFERS = (
    "With `A` the product of the applied factors up to a layer, the paper's rule makes `A` the "
    "layer's scale. The released code makes it the scale times that of the layer two before: wrong "
    "from the third weight layer on, which is the output here. Predictions of the ReLU network do "
    "not change, rates of the output and the time to its first spike do.",
)

AUTHORS_ASKED = (
    "What does the network of the paper, as its authors published it, reach as a spiking network "
    "under each normalization?"
)
AUTHORS_DIFFER = (
    "Published for this network: 99.14 % as a ReLU network, 99.10 % as a spiking one, at 1000 Hz "
    "with data-based normalization (400 Hz without).",
    "The authors' script looks at one kernel only for the largest weight, takes the released rule "
    "for factors, and leaves the output layer as it is; here all kernels, the paper's rule, and "
    "all layers count. Its simulator also runs one step too many, and its output ignores the "
    "input of the very first step.",
    "The file is its authors' (repository `dannyneil/spiking_relu_conversion`) and not part of "
    "this one; `docs/matlab.md` says how it is read.",
)

DIAGNOSIS_ASKED = (
    "Which population of each conversion loses accuracy, and for which of the paper's three "
    "causes: too little input, too much input, or the chance of Poisson input?"
)
DIAGNOSIS_DIFFERS = (
    "The paper names the causes and measures none of them; shares and limits are ours "
    "(`docs/diagnosis.md`).",
)

RATES_ASKED = "Do neurons fire at the rates that the activations of the ReLU network stand for?"
RATES_DIFFER = (
    "A rate below the dashed line is charge that has not reached the threshold yet, or was thrown "
    "away by a reset to zero; scatter around it is the chance of Poisson input.",
)

RASTERS_ASKED = "What does a classification look like, spike by spike?"
RASTERS_DIFFER: tuple[str, ...] = ()

TABLE_ASKED = "Where do these networks stand among the spiking networks of the literature?"
TABLE_DIFFERS = (
    "Published numbers are as the survey lists them, for networks of different kinds and sizes "
    "(STDP, trained as spiking networks, converted); rows of this run are data-based conversions "
    "of the networks trained here.",
)
