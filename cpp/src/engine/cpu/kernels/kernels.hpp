// What the kernels are told and what they give back: the inner loops of the simulation, one set for
// each instruction set.
#pragma once

#include <cstdint>

#include "base/layout.hpp"
#include "neurons/neuron_rule.hpp"

namespace pysnn::detail {

/// Steps of a chunk, at most; which of them have events fits kStepWords words.
inline constexpr std::int64_t kMaxChunk = 128;
inline constexpr std::int64_t kStepWords = kMaxChunk / 64;

/// The state and the settings of a tile's neurons; arrays begin at the tile.
struct NeuronView {
    float* potential = nullptr;
    float* refractory_left = nullptr;  // steps for which input is dropped; null without a period
    const float* threshold = nullptr;
    const float* lower =
        nullptr;  // rules with memory: the highest potential that takes a spike back
    std::int32_t* sent = nullptr;  // the same: positive minus negative spikes so far
    const float* leak = nullptr;   // leaky rules: the factor that a step leaves of a potential
    float refractory_steps = 0.0F;
    NeuronRule rule = NeuronRule::ResetToZero;
};

/// What every tile kernel is told: which steps to run, and what becomes of the sums.
///
/// A tile is a run of neighbouring neurons whose sums and membranes stay in registers from the
/// first step to the last. Its current in step t is carry_in (or, without one, base) plus what the
/// kernel adds; it goes to carry_out where another pass follows, into the membranes otherwise.
struct TileView {
    const std::uint16_t* steps = nullptr;  // ascending; steps left out must change nothing
    std::int64_t num_steps = 0;
    std::int64_t width = 0;           // neurons, a multiple of 16
    const void* base = nullptr;       // (width) of the weights' type
    const float* carry_in = nullptr;  // step t at t * carry_stride, or null
    float* carry_out = nullptr;       // as carry_in; null: the membranes take the sums
    std::int64_t carry_stride = 0;
    NeuronView neurons;
    std::uint64_t* masks = nullptr;  // spikes of word w of the tile in step t: w * mask_stride + t
    std::uint64_t* negative_masks = nullptr;  // as masks, for rules that send negative spikes
    std::int64_t mask_stride = 0;
    float* potentials = nullptr;  // membranes after step t at t * potential_stride, or null
    std::int64_t potential_stride = 0;
};

/// Weight rows of a tile as the gathering kernels read them.
///
/// A pass of a kernel takes as many columns as its registers hold sums of (Kernels::pass_columns);
/// its rows lie side by side, so that the few rows that a sample needs fill the nearest cache
/// evenly. The passes of a tile follow one another.
struct TileRows {
    const void* data = nullptr;  // row 0 of the first pass
    std::int64_t num_rows = 0;   // of each pass
};

/// Rows that an event, which is 16 bits, can name.
inline constexpr std::int64_t kMaxEventRows = 65536;

/// Sums of weight rows, one for each event.
struct GatherArguments {
    TileView tile;
    TileRows rows;
    std::int64_t first_row = 0;   // of event 0; may lie before the rows if no such event comes
    std::int64_t zero_row = 0;    // added where the number of events is odd
    const float* grid = nullptr;  // (width): what an int16 weight of 1 stands for
    // (width): the highest membrane, in units of the grid, that does not fire; null where integers
    // cannot tell
    const std::int32_t* limit = nullptr;
    // Events of step t: events[offsets[t * offset_stride]] ... [offsets[t * offset_stride + span]]
    const std::uint16_t* events = nullptr;
    const std::uint32_t* offsets = nullptr;
    std::int64_t offset_stride = 1;
    std::int64_t offset_span = 1;
};

/// Table kernels take two rows of output positions at once where the registers allow it.
inline constexpr int kMaxTableRows = 2;

/// A pool of 2x2 windows behind a tile of two rows of two positions of 16 channels, which has the
/// tile's rule and no refractory period either.
struct PooledTile {
    TileView tile;                  // of 16 channels; its steps are those of the tile pooled
    const float* weight = nullptr;  // (16)
    std::int64_t num_spikes = 0;    // of the pool, which the kernel adds to
};

/// Sums of table rows: in every step each lookup adds the row that a bit pattern of the source
/// names.
struct TableArguments {
    TileView tile;  // of the first row of positions; base, carries and neurons of the second lie
                    // neuron_stride further on, its masks mask_row_stride
    int num_rows = 1;
    std::int64_t neuron_stride = 0;
    std::int64_t mask_row_stride = 0;
    std::int64_t num_lookups = 0;
    const float* tables = nullptr;  // lookup k begins at k * table_size
    std::int64_t table_size = 0;
    std::int64_t row_width = 0;              // of a table, in floats
    const std::uint8_t* patterns = nullptr;  // of lookup k in step t: k * pattern_stride + t
    std::int64_t pattern_stride = 0;
    std::int64_t pattern_row_stride = 0;  // from the first row of positions to the second
    std::uint32_t source_rows = ~0U;      // bit k: source row k under the tile may have spikes
    PooledTile* pool = nullptr;  // takes the spikes, which are not kept then; needs pools_tables
};

/// Channels of a pixel that one pattern covers: a byte names a subset of them.
inline constexpr std::int64_t kPatternBits = 8;
/// Rows of a table: a sum for each pattern, and one more, so that the rows of silent pixels, which
/// are read most, do not meet in one set of the cache.
inline constexpr std::int64_t kPatternRows = (std::int64_t{1} << kPatternBits) + 1;
/// Neurons of a row of a table.
inline constexpr std::int64_t kTableLanes = 16;
/// Height and width of the kernels that have such tables, and patterns of a pixel.
inline constexpr int kPixelKernel = 3;
inline constexpr int kPixelParts = 2;
/// Room for the patterns of a chunk's steps.
inline constexpr std::int64_t kPatternStrides[] = {32, 64, kMaxChunk};

/// Sums of 16 neurons at each of some neighbouring positions: of every pixel of a kPixelKernel
/// window, the rows that its patterns name.
struct PixelTableArguments {
    std::int64_t num_steps = 0;
    const void* tables = nullptr;  // (kernel row, kernel column, part, pattern, lane)
    const float* grid = nullptr;   // (lane): what an int16 weight of 1 stands for; null: floats
    bool is_signed = false;        // as many of negative spikes follow, whose sums are taken off
    // By kernel row, of the first position's first pixel: (pixel, sign, part, step)
    const std::uint8_t* const* patterns = nullptr;
    std::int64_t pattern_stride = 0;  // from one part to the next; a kPatternStride
    std::int64_t pixels_between = 0;  // from one position's first pixel to the next one's
    int num_positions = 0;
    const float* base = nullptr;      // (position, lane): what sums begin with, or
    const float* carry_in = nullptr;  // the same, step t at t * carry_stride
    std::int64_t carry_stride = 0;
    float* sums = nullptr;  // as carry_in, step t at t * sum_stride
    std::int64_t sum_stride = 0;
    std::int64_t position_stride = 0;  // lanes from one position to the next, everywhere
};

/// Sums of one weight per spike of a window, channel by channel.
struct PoolArguments {
    TileView tile;
    const float* weight = nullptr;                  // (width)
    const std::uint64_t* const* windows = nullptr;  // masks of each window position, by step
    const int* shifts = nullptr;                    // where in its masks a position's bits begin
    int num_windows = 0;
    int num_negative_windows = 0;  // behind those: of negative spikes, which take the weight off
    // Of weights that differ by tap: the tap of each window position, and from one tap's weights to
    // the next one's; null where all taps have the same
    const std::int32_t* taps = nullptr;
    std::int64_t tap_stride = 0;
    // (width): the most spikes in a membrane that does not fire; null where their number cannot
    // tell
    const std::int8_t* limit = nullptr;
};

/// How far the counts of some sources of a max pool's window lie below the largest: bit b of
/// channel c's number is bit c of planes[b].
struct Deficits {
    static constexpr int kBits = 8;
    static constexpr int kSources = 4;

    std::uint64_t planes[kBits][kSources];
};

/// Up to 64 channels of a max pool's window, whose counts are in step with what was sent: the
/// largest of a channel is what it sent.
struct MaxPoolArguments {
    std::int64_t num_steps = 0;
    // Masks of the sources, by step, and where in them the bits begin; negative spikes of as many
    // follow where there are masks for them
    const std::uint64_t* const* windows = nullptr;
    const int* shifts = nullptr;
    int num_windows = 0;
    std::uint64_t channels = 0;               // bits of those that there are
    std::int32_t* counts = nullptr;           // (num_windows, 64): positive minus negative spikes
    std::int32_t* sent = nullptr;             // (64)
    Deficits* deficits = nullptr;             // room for all sources
    std::uint64_t* masks = nullptr;           // (num_steps)
    std::uint64_t* negative_masks = nullptr;  // (num_steps), or null
};

/// Neurons whose membranes take finished sums out of memory at once.
inline constexpr std::int64_t kGroup = 16;

/// The state of some neighbouring neurons, and what happened to their charge.
struct NeuronGroup {
    float potential[kGroup];
    float threshold[kGroup];
    float left[kGroup] = {};  // steps for which input is dropped
    float lower[kGroup] = {};
    float leak[kGroup] = {};
    std::int32_t sent[kGroup] = {};
    double input[kGroup] = {};
    double dropped[kGroup] = {};
    double excess[kGroup] = {};
    double rounding[kGroup] = {};
    std::int32_t spikes[kGroup] = {};
    std::int32_t multi_spikes[kGroup] = {};
};

/// Steps of a group.
struct GroupArguments {
    NeuronGroup* group = nullptr;
    std::int64_t num_steps = 0;
    const float* currents = nullptr;  // of step t at t * current_stride
    std::int64_t current_stride = 0;
    NeuronRule rule = NeuronRule::ResetToZero;
    float refractory_steps = 0.0F;
    bool counts = false;                      // whether to count charge and spikes
    std::uint64_t* masks = nullptr;           // (num_steps), zeroed: takes the bits of who fires
    std::uint64_t* negative_masks = nullptr;  // the same of negative spikes
    float* potentials = nullptr;              // after step t at t * potential_stride, or null
    std::int64_t potential_stride = 0;
};

/// What the bits of a word are in its row.
struct WordIds {
    std::uint16_t first = 0;
    std::uint16_t count = 0;  // bits beyond are not set
};

/// Spike masks to turn into lists. Lists of a step follow one another row by row; list_ids() has
/// one row.
struct ListArguments {
    // (num_rows, words_per_row), each by step, with kMaxChunk places
    const std::uint64_t* const* words = nullptr;
    std::int64_t num_rows = 1;
    std::int64_t words_per_row = 0;
    std::int64_t ids_per_row = 0;          // list_rows(): from one row's first event to the next's
    const WordIds* word_ids = nullptr;     // list_rows(): (words_per_row)
    const std::uint16_t* ids = nullptr;    // list_ids(): (words_per_row * 64)
    const std::uint64_t* flips = nullptr;  // list_ids(): (words_per_row), bits to flip
    std::int64_t num_steps = 0;
    std::uint16_t* events = nullptr;    // with room for 64 more than there are
    std::uint32_t* offsets = nullptr;   // (num_steps, num_rows + 1)
    std::uint64_t* occupied = nullptr;  // (num_rows, kStepWords), zeroed: steps that have events
};

/// Sixty-four inputs that spike with probabilities strictly between 0 and 1.
struct PoissonArguments {
    const std::uint64_t* inputs = nullptr;      // 64 input indices
    const std::uint64_t* thresholds = nullptr;  // 64 bounds below 2^32: a word below is a spike
    std::uint64_t seed = 0;
    std::uint64_t sample_id = 0;
    std::uint32_t quad = 0;  // step / 4
};

/// What becomes of whole words of bits.
struct WordKernels {
    /// Events of the set bits of rows of words; events of one row named by `ids`, after flipping
    /// some. Return how many.
    std::int64_t (*list_rows)(const ListArguments& arguments);
    std::int64_t (*list_ids)(const ListArguments& arguments);
    /// Lists the set bits of kStepWords words, with room for 64 more; returns how many.
    std::int64_t (*list_steps)(const std::uint64_t* words, std::uint16_t* steps);
    /// Number of set bits among those of `mask`.
    std::int64_t (*count_bits)(const std::uint64_t* words, std::int64_t num_words,
                               std::uint64_t mask);
};

/// The inner loops, compiled once for each instruction set. All give the same bits.
struct Kernels {
    // Each runs a tile over its steps and returns how many spikes its neurons fired.
    std::int64_t (*gather)(const GatherArguments& arguments);        // float32 weights
    std::int64_t (*gather_int16)(const GatherArguments& arguments);  // sums modulo 2^16
    std::int64_t (*table)(const TableArguments& arguments);

    /// Sums, which something else takes into membranes.
    void (*pixel_sums)(const PixelTableArguments& arguments);
    std::int64_t (*pool)(const PoolArguments& arguments);
    std::int64_t (*max_pool)(const MaxPoolArguments& arguments);

    /// What follows from a rule.
    NeuronTraits (*neuron_traits)(NeuronRule rule);

    /// Takes currents into a group's membranes, step by step.
    void (*membranes)(const GroupArguments& arguments);

    /// Adds the rows of some events onto `sums` (width), once.
    void (*add_rows)(const TileRows& rows, std::int64_t width, const std::uint16_t* events,
                     std::int64_t num_events, float* sums);
    void (*add_rows_int16)(const TileRows& rows, std::int64_t width, const std::uint16_t* events,
                           std::int64_t num_events, std::int16_t* sums);

    std::int64_t pass_columns;  // of float32 weights
    std::int64_t pass_columns_int16;
    bool pools_tables;  // whether table() can take a PooledTile

    WordKernels words;

    /// out[t] = mask & the 64 bits that begin `shift` bits into (low[t], high[t]).
    void (*window_words)(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint64_t* out);
    /// Sets the bits of in[t] >> shift & mask in (out[t], out[kMaxChunk + t]), from bit `first` on.
    void (*merge_words)(const std::uint64_t* in, int shift, std::uint64_t mask, int first,
                        std::int64_t num_steps, std::uint64_t* out);
    /// As window_words(), for masks of at most 8 bits and room for kMaxChunk bytes; sets bit t of
    /// `occupied` where out[t] is not 0.
    void (*window_bytes)(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint8_t* out,
                         std::uint64_t* occupied);
    /// out[t] = the bits that begin `shift` bits into (low[t], high[t]), spread to mask's bits.
    void (*spread_words)(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint64_t* out);
    /// Bytes of words, the lowest first: byte k of step t at k * stride + t. Reads and writes whole
    /// eights of steps.
    void (*split_words)(const std::uint64_t* words, std::int64_t num_bytes, std::int64_t num_steps,
                        std::int64_t stride, std::uint8_t* out);
    /// Sets the bits of the steps in which the bits of `mask` of some window are set.
    void (*occupied_steps)(const std::uint64_t* const* windows, const int* shifts,
                           std::int64_t num_windows, std::uint64_t mask, std::int64_t num_steps,
                           std::uint64_t* occupied);

    /// Draws four steps of 64 inputs: bit i of masks[w] is the spike of input i in step 4 * quad +
    /// w.
    void (*poisson)(const PoissonArguments& arguments, std::uint64_t masks[4]);
};

/// The kernels of the selected instruction set.
const Kernels& kernels();

}  // namespace pysnn::detail
