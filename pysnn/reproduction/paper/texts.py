"""What each experiment asks, and what differs from the paper: words that no measurement changes."""

ACCURACY_ASKED = (
    "How fast, and how closely, does a spiking network approach the accuracy of its ReLU network, "
    "without normalization and with model-based and data-based normalization?"
)
ACCURACY_AXES = (
    "Accuracy on the test images over simulated time. The accuracy axis is stretched towards "
    "100 %: equal distances are equal ratios of errors, so that from 90 to 95 % is about as far as "
    "from 98 to 99 %. Time is logarithmic. The dashed line is the ReLU network."
)
ACCURACY_DIFFERS = (
    "The networks were trained independently (`docs/training.md` has the recipes), so their "
    "accuracies differ from the paper's by chance. What a conversion costs is the difference "
    "from the ReLU network: the paper lost 0.24 points on the fully connected network (98.84 % "
    "to 98.60 %) and 0.04 on the ConvNet (99.14 % to 99.10 %).",
    "Data-based normalization here carries each layer's scale to the next layer, as the paper "
    "says. The released MATLAB code carries the applied factor instead, which is wrong from the "
    "third weight layer on: the rates of the output, and so the latency, differ from those of "
    "the paper's rule. `normalize(variant='released')` imitates it.",
    "The released code multiplies hidden activations by 1 - dropout when it measures them, but "
    "leaves that factor out of the spiking simulation: its fully connected network is driven 2 "
    "and 4 times harder than measured. Dropout here scales during training, so no such factor "
    "is needed.",
    "With model-based normalization the output is silent for most or all of the time: each layer "
    "is divided by its largest sum of positive weights, as if all those inputs could be active at "
    "once, and rates shrink by that factor in every layer. The authors' code can leave the "
    "last layer out, and its convolutional script always does; both ways are shown.",
    "Until the first output spike all classes are tied, and a tie counts as the lowest class, as "
    "in the authors' code. Accuracy therefore begins at the share of zeros among the images.",
    "No network has biases, as in the paper, so the input rate can be chosen freely.",
)

SEEDS_ASKED = (
    "How much do these accuracies depend on the draw of the input spikes, and on the test set? "
    "When does a network come within 1 and within 0.1 points of its ReLU network?"
)
SEEDS_DIFFER = (
    "The paper shows single runs. Its abstract says that many of its networks are close to their "
    "maximum after only 20 ms of simulated time.",
)

FIRST_SPIKE_ASKED = (
    "How accurate is a classification by the very first output spike, and when does that spike "
    "come?"
)
FIRST_SPIKE_DIFFERS = (
    "The paper reports that its networks are already accurate after the first output spike, "
    "without a number.",
    "Ties in one step go to the lowest class, as in the authors' code.",
)

STOPPING_ASKED = (
    "How long must an image be simulated? How much is saved by stopping as soon as the leading "
    "class is a number of output spikes ahead, and how many predictions does that change?"
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
    "it gives no numbers for its other choices.",
    "Cells are compared on training images held out of training; the test images are simulated "
    "only once, at the best cell.",
    "The threshold applies to all populations, pools included, as in the authors' code. What "
    "matters is the ratio of a neuron's weights to its threshold: too high a threshold leaves "
    "too few spikes, and too low a threshold calls for more than one spike per step.",
)

COST_ASKED = (
    "What does a classification cost over time, in spikes and synaptic operations, compared with "
    "the multiply-accumulates of the ReLU network?"
)
COST_DIFFERS = (
    "The paper counts no operations. Names and definitions are NeuroBench's (`docs/metrics.md`); "
    "Dense is every synapse once per step (or once per image in a ReLU network), Effective leaves "
    "out factors of 0. An operation of a spiking network is an addition, of a ReLU network a "
    "multiplication and an addition.",
    "Nothing was optimized for few spikes: 1000 Hz is the paper's choice for a fast result in "
    "simulated time. Dark inputs and low hidden rates keep the cost down.",
)

RELEASED_ASKED = (
    "The released MATLAB code carries the applied factor from layer to layer, where the paper's "
    "rule carries the scale. What difference does that make?"
)
RELEASED_DIFFERS = (
    "Let `A` be the product of the applied factors up to a layer. By the paper's rule `A` is the "
    "layer's scale. In the released code it is that scale times the scale of the layer two before: "
    "wrong from the third weight layer on, which is the output here. Predictions of the ReLU "
    "network do not change; the rates of the output and the time to its first spike do.",
)

AUTHORS_ASKED = (
    "How accurate is the paper's own network, as its authors published it, as a spiking network "
    "under each normalization?"
)
AUTHORS_DIFFER = (
    "Published for this network: 99.14 % as a ReLU network, 99.10 % as a spiking one, at 1000 Hz "
    "with data-based normalization (400 Hz without).",
    "To find the largest weight, the authors' script looks at one kernel only; it uses the "
    "released rule for factors, and leaves the output layer as it is. Here all kernels, the "
    "paper's rule and all layers are used. Their simulator also runs one step too many, and its "
    "output ignores the input of the very first step.",
    "The file belongs to its authors (repository `dannyneil/spiking_relu_conversion`) and is not "
    "part of pysnn; `docs/matlab.md` says how it is read.",
)

DIAGNOSIS_ASKED = (
    "Which population of each conversion loses accuracy, and for which of the paper's three "
    "causes: too little input, too much input, or the chance of Poisson input?"
)
DIAGNOSIS_DIFFERS = (
    "The paper names the causes but does not measure them; the shares and limits are defined in "
    "`docs/diagnosis.md`.",
)

RATES_ASKED = "Do neurons fire at the rates that the activations of the ReLU network stand for?"
RATES_DIFFER = (
    "A rate below the dashed line means charge that has not reached the threshold yet, or was lost "
    "at a reset to zero; scatter around the line comes from the chance of Poisson input.",
)

RASTERS_ASKED = "What does a classification look like, spike by spike?"
RASTERS_DIFFER: tuple[str, ...] = ()

TABLE_ASKED = "How do these networks compare with published spiking networks?"
TABLE_DIFFERS = (
    "Published numbers are as the survey lists them, for networks of different kinds and sizes "
    "(STDP, trained as spiking networks, converted); rows of this run are data-based conversions "
    "of the networks trained here.",
)
