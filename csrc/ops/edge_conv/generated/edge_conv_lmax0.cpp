// Written by codegen/edge_conv.py; not to be edited. lmax 0.
#include "ops/edge_conv/edge_conv_kernels.h"

namespace fl::edge_conv {
namespace {

template <class T>
alignas(64) constexpr T constants[] = {
    T(0),};

template <class T, int U>
PIECE void couple_0(const T* FL_RESTRICT y, T* FL_RESTRICT d) {
PROLOGUE;
// (0, 0, 0)
V t0=SINGLE_LOAD(y,0);
SINGLE_STORE(d,0,t0);
BARRIER;
}

template <class T, int U>
PIECE void convolve_0(const T* FL_RESTRICT h, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT m) {
PROLOGUE;
V t0=LOAD(h,0);
// (0, 0, 0)
V t1=LOAD(w,0);
V t2=LOAD(m,0);
V t3=MUL(SCALAR(d,0),t0);
V t4=FMA(t1,t3,t2);
STORE(m,0,t4);
}

template <class T, int U>
PIECE void gradient_0(const T* FL_RESTRICT h, const T* FL_RESTRICT d, const T* FL_RESTRICT w, const T* FL_RESTRICT n, T* FL_RESTRICT dh, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0, 0)
V t0=LOAD(n,0);
V t1=MUL(SCALAR(d,0),t0);
V t2=LOAD(w,0);
V t3=LOAD(dw,0);
V t4=LOAD(h,0);
V t5=FMA(t4,t1,t3);
V t6=LOAD(dh,0);
V t7=FMA(t2,t1,t6);
STORE(dh,0,t7);
STORE(dw,0,t5);
BARRIER;
}

template <class T, int U>
PIECE void harmonics_0(const T* FL_RESTRICT h, const T* FL_RESTRICT w, const T* FL_RESTRICT n, T* FL_RESTRICT dy) {
PROLOGUE;
// (0, 0, 0)
V t0=LOAD(w,0);
V t1=LOAD(h,0);
V t2=MUL(t0,t1);
V t3=SINGLE_LOAD(dy,0);
V t4=LOAD(n,0);
V t5=DOT(t4,t2);
V t6=ADD(t3,t5);
SINGLE_STORE(dy,0,t6);
BARRIER;
}

template <class T, int U>
constexpr Group<T> groups[] = {
    {0, 1, 1, 1, {1},
     couple_0<T, U>, convolve_0<T, U>, gradient_0<T, U>, harmonics_0<T, U>},
};

}  // namespace

template <class T>
const Group<T>* groups_lmax0(int vectors) {
  return vectors == 1 ? groups<T, 1> : groups<T, widest_pack>;
}
template const Group<float>* groups_lmax0<float>(int);
template const Group<double>* groups_lmax0<double>(int);

}  // namespace fl::edge_conv
