#pragma once

/// Everything that a program needs: build or load a SpikingNetwork, simulate it, save it.

#include <pysnn/error.hpp>
#include <pysnn/export.hpp>
#include <pysnn/layer.hpp>
#include <pysnn/model_file.hpp>
#include <pysnn/network.hpp>
#include <pysnn/normalization.hpp>
#include <pysnn/poisson.hpp>
#include <pysnn/regular.hpp>
#include <pysnn/simulation.hpp>
#include <pysnn/spiking_network.hpp>
#include <pysnn/system.hpp>
#include <pysnn/version.hpp>
