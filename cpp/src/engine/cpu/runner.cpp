// Samples into slots, chunks through the ops, results out of slots.

#include "engine/cpu/runner.hpp"

#include <algorithm>
#include <limits>

#include "engine/cpu/ops/count_operations.hpp"
#include "engine/cpu/ops/membranes.hpp"
#include "engine/encoding.hpp"
#include "record/recording.hpp"

namespace pysnn::detail {

namespace {

// The two largest of the values that come.
class Lead {
  public:
    void add(double value) {
        second_ = std::max(second_, std::min(first_, value));
        first_ = std::max(first_, value);
        ++count_;
    }

    /// A single one leads by itself.
    double get() const { return count_ == 1 ? first_ : first_ - second_; }

  private:
    double first_ = -std::numeric_limits<double>::infinity();
    double second_ = -std::numeric_limits<double>::infinity();
    std::int64_t count_ = 0;
};

}  // namespace

Runner::Runner(const CpuProgram& program, const Settings& settings)
    : program_(program),
      settings_(settings),
      input_map_(program.description()),
      must_stop_([this] { return must_stop(); }) {}

void Runner::run(const RunningCall& running, std::int64_t first, std::int64_t count,
                 bool is_caller) {
    running_ = &running;
    is_caller_ = is_caller;
    next_sample_ = first;
    end_sample_ = first + count;
    active_.clear();
    for (std::int64_t i = 0; i < std::min(count, running.schedule.num_slots); ++i) {
        if (slots_.size() <= i) {
            slots_.push_back(std::make_unique<SampleSlot>());
            slots_[i]->populations.resize(program_.num_populations());
        }
        if (start_sample(*slots_[i])) {
            active_.push_back(slots_[i].get());
        }
    }
    while (!active_.empty()) {
        run_chunk();
        if (must_stop()) {
            return;
        }
        // Slots whose sample has ended go on with the next one.
        active_.truncate(std::remove_if(active_.begin(), active_.end(), [&](SampleSlot* slot) {
            return !advance(*slot) && !start_sample(*slot);
        }));
    }
}

bool Runner::must_stop() {
    if (is_caller_) {
        running_->watch.poll();
    }
    return running_->watch.stopped();
}

bool Runner::start_sample(SampleSlot& slot) {
    if (next_sample_ == end_sample_ || running_->call.num_steps == 0) {
        return false;
    }
    slot.sample = next_sample_++;
    slot.chunk_begin = 0;
    slot.chunk_size = running_->schedule.chunk_steps(running_->call, 0);
    if (running_->before == nullptr) {
        NeuronState::load_initial(program_, settings_, slot);
    } else {
        running_->before->load(slot);
    }
    if (settings_.stop.applies()) {
        slot.output_counts.assign(running_->result.num_outputs, 0);
    }
    start_input(slot);
    return true;
}

void Runner::start_input(SampleSlot& slot) {
    const Call& call = running_->call;
    if (running_->schedule.input == InputMode::Given) {
        return;
    }
    fractions_.resize(input_map_.num_inputs());
    input_map_.write_fractions(call.x + slot.sample * input_map_.num_inputs(), fractions_.data());
    if (running_->schedule.input == InputMode::Constant) {
        constant_current_.set(program_, *running_->schedule.bias, call.probability_scale,
                              fractions_, slot);
        return;
    }
    Drawing drawing;
    drawing.encoding = settings_.encoding;
    drawing.probability_scale = call.probability_scale;
    drawing.seed = settings_.seed;
    drawing.sample_id = sample_id(settings_.sample_ids, slot.sample);
    drawing.use_baseline = Schedule::uses_baseline(call.num_steps);
    slot.input.set_intensities(fractions_.data(), program_.input(), program_.input_blocks(),
                               drawing);
}

// On to the sample's next chunk; false where it has ended.
bool Runner::advance(SampleSlot& slot) {
    const Call& call = running_->call;
    const StopRule& stop = settings_.stop;
    const std::int64_t end = slot.chunk_begin + slot.chunk_size;
    running_->watch.add(slot.chunk_size);
    bool is_done = end == call.num_steps;
    if (stop.applies()) {
        chunk_of(slot, program_.num_populations() - 1)
            .for_each_spike([&](std::int64_t, std::int64_t neuron, int sign) {
                slot.output_counts[neuron] += sign;
            });
        const std::int64_t next_step = call.first_step + end;
        is_done =
            is_done || (next_step % stop.interval == 0 && lead_of(slot, next_step) >= stop.margin);
    }
    if (is_done) {
        running_->watch.add(call.num_steps - end);
        running_->result.stopped_step.data()[slot.sample] = call.first_step + end;
        if (running_->after != nullptr) {
            running_->after->store(slot);
        }
        return false;
    }
    slot.chunk_begin = end;
    slot.chunk_size = running_->schedule.chunk_steps(call, end);
    return true;
}

// By how much the leading class is ahead: of spikes, or of potentials in the network's own units.
double Runner::lead_of(const SampleSlot& slot, std::int64_t next_step) const {
    const std::int64_t k = program_.num_populations() - 1;
    const PackedPopulation& output = program_.population(k);
    Lead lead;
    if (!output.is_readout()) {
        for (const std::int32_t count : slot.output_counts) {
            lead.add(count);
        }
        return lead.get();
    }
    if (next_step <= output.delay) {
        return 0.0;
    }
    for (std::int64_t i = 0; i < output.layout.num_neurons(); ++i) {
        lead.add(slot.populations[k].potential[output.layout.lane(i)]);
    }
    return lead.get() * running_->result.output_scale;
}

void Runner::run_chunk() {
    for (SampleSlot* slot : active_) {
        take_inputs(*slot);
    }
    for (const Op& op : running_->schedule.ops) {
        std::visit([this](const auto& each) { run_op(each); }, op);
        if (must_stop()) {
            return;
        }
    }
}

void Runner::take_inputs(SampleSlot& slot) {
    const Call& call = running_->call;
    const Schedule& schedule = running_->schedule;
    const Layout& input = program_.input();
    switch (schedule.input) {
        case InputMode::Constant:
            return;
        case InputMode::Drawn:
            slot.input.draw(call.first_step + slot.chunk_begin, slot.chunk_size);
            break;
        case InputMode::Given: {
            const std::int64_t step_stride = settings_.num_samples * input.num_neurons();
            slot.input.set_spikes(
                call.spikes + slot.chunk_begin * step_stride + slot.sample * input.num_neurons(),
                step_stride, slot.chunk_size, input, program_.input_blocks(),
                schedule.lists_input && Schedule::uses_baseline(slot.chunk_size));
            break;
        }
    }
    if (schedule.writes_input_words) {
        slot.input_words.reserve(input.num_words() * kMaxChunk);
        slot.input.write_words(input, kMaxChunk, slot.input_words.data());
    }
    running_->result.num_input_spikes.data()[slot.sample] += slot.input.num_spikes();
}

void Runner::run_op(const PrepareOp& op) {
    const Layout& layout = program_.population(op.cleared).layout;
    for (SampleSlot* slot : active_) {
        slot->populations[op.population].num_spikes = 0;
        PopulationSlot& cleared = slot->populations[op.cleared];
        cleared.num_spikes = 0;
        cleared.spikes.reserve(layout.num_words() * kMaxChunk);
        for (std::int64_t word = 0; word < layout.num_words(); ++word) {
            std::fill_n(cleared.spikes.data() + word * kMaxChunk, slot->chunk_size,
                        std::uint64_t{0});
        }
        slot->carry.reserve(op.carry_size);
        slot->potentials.reserve(op.potentials_size);
    }
}

void Runner::run_op(const LinearOp& op) { linear_.run(op, {active_, must_stop_}); }

void Runner::run_op(const ConvolutionOp& op) { convolution_.run(op, {active_, must_stop_}); }

void Runner::run_op(const PoolOp& op) { pool_.run(op, {active_, must_stop_}); }

void Runner::run_op(const MaxPoolOp& op) { max_pool_.run(op, {active_, must_stop_}); }

void Runner::run_op(const ConstantOp& op) { constant_.run(op, {active_, must_stop_}); }

void Runner::run_op(const CountOp& op) {
    for (const SampleSlot* slot : active_) {
        running_->result.synaptic_operations.data()[result_index(*slot, op.share.population)] +=
            count_operations(op.share, *slot);
    }
}

void Runner::run_op(const MembraneOp& op) {
    Balance& balance = running_->result.records.data()[op.target.population].balance;
    for (SampleSlot* slot : active_) {
        run_membranes(op, *slot, running_->call.first_step + slot->chunk_begin, balance);
    }
}

void Runner::run_op(const RecordOp& op) {
    const std::int64_t k = op.target.population;
    for (const SampleSlot* slot : active_) {
        running_->result.num_spikes.data()[result_index(*slot, k)] +=
            slot->populations[k].num_spikes;
        const PopulationChunk chunk = chunk_of(*slot, k);
        settings_.recording.fill(k, chunk, running_->result);
        if (op.is_output) {
            pack_outputs(chunk, running_->result);
        }
    }
}

PopulationChunk Runner::chunk_of(const SampleSlot& slot, std::int64_t population) const {
    PopulationChunk chunk{program_.population(population).layout};
    chunk.num_samples = settings_.num_samples;
    chunk.sample = slot.sample;
    chunk.first_step = slot.chunk_begin;
    chunk.num_steps = slot.chunk_size;
    chunk.spikes = slot.populations[population].spikes.data();
    chunk.word_stride = kMaxChunk;
    chunk.potentials = slot.potentials.data();
    return chunk;
}

std::int64_t Runner::result_index(const SampleSlot& slot, std::int64_t population) const {
    return slot.sample * program_.num_populations() + population;
}

}  // namespace pysnn::detail
