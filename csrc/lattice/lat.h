// Catalogues in the `.lat` text format of Grega et al. (2024): text in, columns out, and back.
//
// A file is a row of entries, each opened by a line "----- lattice_transition -----". An entry holds one geometry and
// any number of relative densities; each density becomes one row of the columns. Sections of an entry:
//   Name, Base name, Imperfection level            one line each; other "key: value" lines are ignored
//   Normalized unit cell parameters                a, b, c, alpha, beta, gamma (degrees) on the next line
//   Nodal positions, Bar connectivities            the nodal representation: fractional positions, pairs of nodes
//   Fundamental edge adjacency, Fundamental tesselation vectors
//                                                  the periodic representation: one strut a line, its integer shift in
//                                                  three columns, or the shift of either end in six
//   Compliance tensors (Mandel|Voigt) start/end    by density: 21 numbers, upper triangle; Voigt where it does not say
//   Fundamental edge radii start/end               by density: one radius per fundamental edge
// and, written by this library for a lossless round trip and ignored by the authors' parser:
//   Cartesian cell vectors, Cartesian node coordinates           preferred to the first two geometric sections
//   Stiffness matrices (Mandel) start/end                        by density: 36 numbers, preferred to the compliances
#pragma once
#include "abi.h"

// Parses `size` bytes of text that begins at line `first_line` of its file and either at the start of an entry or
// before the first one. Entries with errors leave no rows. The handle is freed with fl_lat_free.
//   default_density: of entries that name no density.
//   stop_at_error: non-zero to stop at the first faulty entry.
//   sizes [6]: rows, nodes, struts, bytes of names, bytes of base names, errors; the first three summed over rows.
FL_EXPORT int32_t fl_lat_parse(const char* text, int64_t size, int64_t first_line, double default_density,
                               int64_t stop_at_error, void** handle, int64_t* sizes);

// Copies the columns out; B, N, M are the sizes that fl_lat_parse reported. Layout as in fastlattice.LatticeBatch.
//   cell [B, 3, 3], positions [N, 3], struts [M, 2], shifts [M, 3], radii [M], node_offsets and strut_offsets [B + 1],
//   names and base_names with offsets [B + 1], imperfection_level [B] (NaN where not given), density [B],
//   stiffness [B, 6, 6] (Mandel, 11, 22, 33, 23, 13, 12; NaN where not given),
//   label_holders [B]: -1, or for a row without label whose density rounds to that of a label: the row that has it.
FL_EXPORT int32_t fl_lat_columns(const void* handle, double* cell, double* positions, int64_t* struts, int64_t* shifts,
                                 double* radii, int64_t* node_offsets, int64_t* strut_offsets, char* names,
                                 int64_t* name_offsets, char* base_names, int64_t* base_name_offsets,
                                 double* imperfection_level, double* density, double* stiffness, int64_t* label_holders);

// Error number `index`: its line, the name of its entry (may be empty) and the reason; valid until fl_lat_free.
FL_EXPORT int32_t fl_lat_error(const void* handle, int64_t index, int64_t* line, const char** entry,
                               const char** reason);

FL_EXPORT int32_t fl_lat_free(void* handle);

// Formats rows [begin, end) of B rows as entries. Consecutive rows with the same name and geometry and different
// densities become one entry, which may take in rows after `end`: *next is the first row not written.
//   Columns as above; base_names, imperfection_level and stiffness may be null.
//   compliance [B, 6, 6]: Mandel, in the frame of the cell parameters (a along x, b in the xy plane); null, or NaN for
//     rows without. names must not hold line breaks.
//   digits: 0 for shortest exact numbers and the sections that make the round trip lossless, else significant digits.
// The text lies at *text, *size bytes, until fl_lat_text_free(*handle).
FL_EXPORT int32_t fl_lat_format(int64_t rows, const double* cell, const double* positions, const int64_t* struts,
                                const int64_t* shifts, const double* radii, const int64_t* node_offsets,
                                const int64_t* strut_offsets, const char* names, const int64_t* name_offsets,
                                const char* base_names, const int64_t* base_name_offsets,
                                const double* imperfection_level, const double* density, const double* stiffness,
                                const double* compliance, int64_t digits, int64_t begin, int64_t end, int64_t* next,
                                void** handle, const char** text, int64_t* size);

FL_EXPORT int32_t fl_lat_text_free(void* handle);
