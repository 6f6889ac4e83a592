// The whole public interface.
#pragma once

/// Everything that a program needs: build or load a SpikingNetwork, simulate it, save it.
///
/// Arrays are row-major, with the shape in parentheses where they are declared; pointers to them
/// are read or written during the call only. Times are in seconds, rates in hertz, steps count from
/// 0.
///
/// All functions may be called from many threads at once, and so may const members; an object that
/// one thread changes must not be used by another meanwhile. The library keeps no settings.
///
/// Errors are exceptions, thrown on the calling thread: std::invalid_argument says what a wrong
/// argument or network is and what was expected; a result that would not fit in memory is a
/// std::bad_alloc; model files and interruption have types of their own in pysnn/error.hpp.

#include <pysnn/calibration.hpp>
#include <pysnn/error.hpp>
#include <pysnn/export.hpp>
#include <pysnn/forward.hpp>
#include <pysnn/input.hpp>
#include <pysnn/model_file.hpp>
#include <pysnn/names.hpp>
#include <pysnn/network.hpp>
#include <pysnn/node.hpp>
#include <pysnn/normalization.hpp>
#include <pysnn/pack.hpp>
#include <pysnn/simulation.hpp>
#include <pysnn/spiking_network.hpp>
#include <pysnn/synapses.hpp>
#include <pysnn/system.hpp>
#include <pysnn/version.hpp>
