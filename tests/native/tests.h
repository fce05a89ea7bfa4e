// The parts of the test program.
#pragma once
#include "check.h"

void test_ops();
void test_blocks();
void test_networks();
void test_graphs();
void test_folds();
void test_frames();
void test_quantities();
void test_streams();
void test_elasticity();
void test_catalogues();
