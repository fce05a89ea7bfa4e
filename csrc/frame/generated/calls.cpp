// Written by codegen/abi.py; not to be edited.
#include "frame/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_frame_homogenise(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                            int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                            int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                            int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                            double nu, double kappa, int64_t discretisation, int64_t threads, double* stiffness,
                            int64_t stiffness_size, int32_t* status, int64_t status_size, int32_t* rank,
                            int64_t rank_size, int64_t* offending, int64_t offending_size, uint8_t* beam_valid,
                            int64_t beam_valid_size, double* overlap, int64_t overlap_size, double* density,
                            int64_t density_size, double* displacements, int64_t displacements_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("stiffness", stiffness, stiffness_size, 36 * Extent(count));
    check_buffer("status", status, status_size, Extent(count));
    check_buffer("rank", rank, rank_size, Extent(count));
    check_buffer("offending", offending, offending_size, Extent(count));
    check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    if (overlap) check_buffer("overlap", overlap, overlap_size, Extent(count));
    if (density) check_buffer("density", density, density_size, Extent(count));
    if (displacements) check_buffer("displacements", displacements, displacements_size, 48 * element(node_offsets, node_offsets_size, count), 64);
    check_choice("discretisation", discretisation, 2);
    fl::calls::run(fl::calls::FrameHomogenise{count, cell, positions, struts, shifts, radii, node_offsets,
        strut_offsets, nu, kappa, static_cast<fl::frame::Discretisation>(discretisation), thread_count(threads),
        stiffness, status, rank, offending, beam_valid, overlap, density, displacements});
  });
}

int32_t fl_frame_check(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                       int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                       int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                       int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                       int64_t threads, int32_t* status, int64_t status_size, int32_t* rank, int64_t rank_size,
                       int64_t* offending, int64_t offending_size, uint8_t* beam_valid, int64_t beam_valid_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("status", status, status_size, Extent(count));
    check_buffer("rank", rank, rank_size, Extent(count));
    check_buffer("offending", offending, offending_size, Extent(count));
    check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    fl::calls::run(fl::calls::FrameCheck{count, cell, positions, struts, shifts, radii, node_offsets, strut_offsets,
        thread_count(threads), status, rank, offending, beam_valid});
  });
}

int32_t fl_frame_density(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                         int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                         int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                         int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                         int64_t threads, double* density, int64_t density_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("density", density, density_size, Extent(count));
    fl::calls::run(fl::calls::FrameDensity{count, cell, positions, struts, shifts, radii, node_offsets, strut_offsets,
        thread_count(threads), density});
  });
}

int32_t fl_frame_conductivity(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                              int64_t positions_size, const int64_t* struts, int64_t struts_size,
                              const int64_t* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                              const int64_t* node_offsets, int64_t node_offsets_size, const int64_t* strut_offsets,
                              int64_t strut_offsets_size, int64_t threads, double* conductivity,
                              int64_t conductivity_size, int32_t* status, int64_t status_size, int32_t* rank,
                              int64_t rank_size, int64_t* offending, int64_t offending_size, uint8_t* beam_valid,
                              int64_t beam_valid_size, double* temperatures, int64_t temperatures_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("conductivity", conductivity, conductivity_size, 9 * Extent(count));
    check_buffer("status", status, status_size, Extent(count));
    check_buffer("rank", rank, rank_size, Extent(count));
    check_buffer("offending", offending, offending_size, Extent(count));
    check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    if (temperatures) check_buffer("temperatures", temperatures, temperatures_size, 3 * element(node_offsets, node_offsets_size, count));
    fl::calls::run(fl::calls::FrameConductivity{count, cell, positions, struts, shifts, radii, node_offsets,
        strut_offsets, thread_count(threads), conductivity, status, rank, offending, beam_valid, temperatures});
  });
}

int32_t fl_frame_joints(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                        int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                        int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                        int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                        int64_t threads, double* overlap, int64_t overlap_size, double* reached,
                        int64_t reached_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("overlap", overlap, overlap_size, Extent(count));
    if (reached) check_buffer("reached", reached, reached_size, 2 * element(strut_offsets, strut_offsets_size, count));
    fl::calls::run(fl::calls::FrameJoints{count, cell, positions, struts, shifts, radii, node_offsets, strut_offsets,
        thread_count(threads), overlap, reached});
  });
}

int32_t fl_frame_adjoint(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                         int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                         int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                         int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                         double nu, double kappa, int64_t threads, const int32_t* status, int64_t status_size,
                         const double* stiffness, int64_t stiffness_size, const double* displacements,
                         int64_t displacements_size, const double* cotangent, int64_t cotangent_size,
                         double* grad_cell, int64_t grad_cell_size, double* grad_positions,
                         int64_t grad_positions_size, double* grad_radii, int64_t grad_radii_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("status", status, status_size, Extent(count));
    check_buffer("stiffness", stiffness, stiffness_size, 36 * Extent(count));
    check_buffer("displacements", displacements, displacements_size, 48 * element(node_offsets, node_offsets_size, count), 64);
    check_buffer("cotangent", cotangent, cotangent_size, 36 * Extent(count));
    check_buffer("grad_cell", grad_cell, grad_cell_size, 9 * Extent(count));
    check_buffer("grad_positions", grad_positions, grad_positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("grad_radii", grad_radii, grad_radii_size, element(strut_offsets, strut_offsets_size, count));
    fl::calls::run(fl::calls::FrameAdjoint{count, cell, positions, struts, shifts, radii, node_offsets, strut_offsets,
        nu, kappa, thread_count(threads), status, stiffness, displacements, cotangent, grad_cell, grad_positions,
        grad_radii});
  });
}

int32_t fl_frame_bounds(int64_t count, int64_t order, const double* cell, int64_t cell_size, const double* positions,
                        int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                        int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                        int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size, double nu,
                        double kappa, int64_t threads, double* stiffness, int64_t stiffness_size, int32_t* status,
                        int64_t status_size, int32_t* rank, int64_t rank_size, int64_t* offending,
                        int64_t offending_size, uint8_t* beam_valid, int64_t beam_valid_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("order", order);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("stiffness", stiffness, stiffness_size, 36 * (Extent(order) + 1) * Extent(count));
    check_buffer("status", status, status_size, Extent(count));
    check_buffer("rank", rank, rank_size, Extent(count));
    check_buffer("offending", offending, offending_size, Extent(count));
    check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    fl::calls::run(fl::calls::FrameBounds{count, order, cell, positions, struts, shifts, radii, node_offsets,
        strut_offsets, nu, kappa, thread_count(threads), stiffness, status, rank, offending, beam_valid});
  });
}

int32_t fl_frame_bounds_adjoint(int64_t count, int64_t order, const double* cell, int64_t cell_size,
                                const double* positions, int64_t positions_size, const int64_t* struts,
                                int64_t struts_size, const int64_t* shifts, int64_t shifts_size, const double* radii,
                                int64_t radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                const int64_t* strut_offsets, int64_t strut_offsets_size, double nu, double kappa,
                                int64_t threads, const int32_t* status, int64_t status_size, const double* stiffness,
                                int64_t stiffness_size, const double* cotangent, int64_t cotangent_size,
                                double* grad_cell, int64_t grad_cell_size, double* grad_positions,
                                int64_t grad_positions_size, double* grad_radii, int64_t grad_radii_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("order", order);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("status", status, status_size, Extent(count));
    check_buffer("stiffness", stiffness, stiffness_size, 36 * (Extent(order) + 1) * Extent(count));
    check_buffer("cotangent", cotangent, cotangent_size, 36 * (Extent(order) + 1) * Extent(count));
    check_buffer("grad_cell", grad_cell, grad_cell_size, 9 * Extent(count));
    check_buffer("grad_positions", grad_positions, grad_positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("grad_radii", grad_radii, grad_radii_size, element(strut_offsets, strut_offsets_size, count));
    fl::calls::run(fl::calls::FrameBoundsAdjoint{count, order, cell, positions, struts, shifts, radii, node_offsets,
        strut_offsets, nu, kappa, thread_count(threads), status, stiffness, cotangent, grad_cell, grad_positions,
        grad_radii});
  });
}

int32_t fl_frame_node_mechanics(int64_t nodes, int64_t edges, const int64_t* receivers, int64_t receivers_size,
                                const double* vectors, int64_t vectors_size, const double* radii, int64_t radii_size,
                                double nu, double kappa, double* energy, int64_t energy_size, double* release,
                                int64_t release_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_buffer("receivers", receivers, receivers_size, Extent(edges));
    check_buffer("vectors", vectors, vectors_size, 3 * Extent(edges));
    check_buffer("radii", radii, radii_size, Extent(edges));
    check_buffer("energy", energy, energy_size, 36 * Extent(nodes));
    check_buffer("release", release, release_size, 36 * Extent(nodes));
    fl::calls::run(fl::calls::FrameNodeMechanics{nodes, edges, receivers, vectors, radii, nu, kappa, energy,
        release});
  });
}

int32_t fl_frame_node_mechanics_backward(int64_t nodes, int64_t edges, const int64_t* receivers,
                                         int64_t receivers_size, const double* vectors, int64_t vectors_size,
                                         const double* radii, int64_t radii_size, double nu, double kappa,
                                         const double* grad_energy, int64_t grad_energy_size,
                                         const double* grad_release, int64_t grad_release_size, double* grad_vectors,
                                         int64_t grad_vectors_size, double* grad_radii, int64_t grad_radii_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_buffer("receivers", receivers, receivers_size, Extent(edges));
    check_buffer("vectors", vectors, vectors_size, 3 * Extent(edges));
    check_buffer("radii", radii, radii_size, Extent(edges));
    check_buffer("grad_energy", grad_energy, grad_energy_size, 36 * Extent(nodes));
    check_buffer("grad_release", grad_release, grad_release_size, 36 * Extent(nodes));
    check_buffer("grad_vectors", grad_vectors, grad_vectors_size, 3 * Extent(edges));
    check_buffer("grad_radii", grad_radii, grad_radii_size, Extent(edges));
    fl::calls::run(fl::calls::FrameNodeMechanicsBackward{nodes, edges, receivers, vectors, radii, nu, kappa,
        grad_energy, grad_release, grad_vectors, grad_radii});
  });
}

int32_t fl_relaxed_energies(int64_t threads, int64_t nodes, int64_t struts, int64_t lattices, int64_t order,
                            const int64_t* batch, int64_t batch_size, const int64_t* ends, int64_t ends_size,
                            const double* vectors, int64_t vectors_size, const double* radii, int64_t radii_size,
                            double nu, double kappa, double dependent, double* energies, int64_t energies_size,
                            double* share, int64_t share_size, double* release, int64_t release_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("order", order);
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("ends", ends, ends_size, 2 * Extent(struts));
    check_buffer("vectors", vectors, vectors_size, 3 * Extent(struts));
    check_buffer("radii", radii, radii_size, Extent(struts));
    check_buffer("energies", energies, energies_size, 36 * Extent(lattices) * (Extent(order) + 1));
    check_buffer("share", share, share_size, 36 * Extent(nodes));
    check_buffer("release", release, release_size, 36 * Extent(nodes));
    fl::calls::run(fl::calls::RelaxedEnergies{thread_count(threads), nodes, struts, lattices, order, batch, ends,
        vectors, radii, nu, kappa, dependent, energies, share, release});
  });
}

int32_t fl_relaxed_energies_backward(int64_t threads, int64_t nodes, int64_t struts, int64_t lattices, int64_t order,
                                     const int64_t* batch, int64_t batch_size, const int64_t* ends, int64_t ends_size,
                                     const double* vectors, int64_t vectors_size, const double* radii,
                                     int64_t radii_size, double nu, double kappa, double dependent,
                                     const double* grad_energies, int64_t grad_energies_size, const double* grad_share,
                                     int64_t grad_share_size, const double* grad_release, int64_t grad_release_size,
                                     double* grad_vectors, int64_t grad_vectors_size, double* grad_radii,
                                     int64_t grad_radii_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("order", order);
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("ends", ends, ends_size, 2 * Extent(struts));
    check_buffer("vectors", vectors, vectors_size, 3 * Extent(struts));
    check_buffer("radii", radii, radii_size, Extent(struts));
    check_buffer("grad_energies", grad_energies, grad_energies_size, 36 * Extent(lattices) * (Extent(order) + 1));
    check_buffer("grad_share", grad_share, grad_share_size, 36 * Extent(nodes));
    check_buffer("grad_release", grad_release, grad_release_size, 36 * Extent(nodes));
    check_buffer("grad_vectors", grad_vectors, grad_vectors_size, 3 * Extent(struts));
    check_buffer("grad_radii", grad_radii, grad_radii_size, Extent(struts));
    fl::calls::run(fl::calls::RelaxedEnergiesBackward{thread_count(threads), nodes, struts, lattices, order, batch,
        ends, vectors, radii, nu, kappa, dependent, grad_energies, grad_share, grad_release, grad_vectors,
        grad_radii});
  });
}
