// Written by codegen/symmetric_contraction.py, which says what it computes: lmax = 0.
#include "base/straight_line.h"
#include "ops/symmetric_contraction/symmetric_contraction_programs.h"

namespace fl {
namespace {

template <class T>
alignas(64) constexpr T constants[] = {
    T(2.0),
};

template <class T>
PIECE void couple_forward(const T* FL_RESTRICT a, T* FL_RESTRICT b) {
PROLOGUE;
// (0, 0)
V t0=LOAD(a,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
STORE(b,0,t2);
BARRIER;
}

template <class T>
PIECE void couple_backward_2_all(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,1);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,1);
V t6=ADD(t5,t4);
STORE(dw,1,t6);
V t7=MUL(K(0),t2);
V t8=LOAD(a,0);
V t9=LOAD(da,0);
V t10=FMA(t8,t7,t9);
STORE(da,0,t10);
BARRIER;
}

template <class T>
PIECE void couple_backward_2_even(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,1);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,1);
V t6=ADD(t5,t4);
STORE(dw,1,t6);
V t7=MUL(K(0),t2);
V t8=LOAD(a,0);
V t9=LOAD(da,0);
V t10=FMA(t8,t7,t9);
STORE(da,0,t10);
BARRIER;
}

template <class T>
PIECE void couple_backward_3_all(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,1);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,1);
V t6=ADD(t5,t4);
STORE(dw,1,t6);
V t7=LOAD(w,2);HOLD(t7);
V t8=LOAD(d,0);HOLD(t8);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,0);
V t11=MUL(t8,t10);
V t12=LOAD(dw,2);
V t13=ADD(t12,t11);
STORE(dw,2,t13);
V t14=MUL(K(0),t9);
V t15=LOAD(a,0);
V t16=LOAD(da,0);
V t17=FMA(t15,t14,t16);
STORE(da,0,t17);
BARRIER;
}

template <class T>
PIECE void couple_backward_3_even(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,1);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,1);
V t6=ADD(t5,t4);
STORE(dw,1,t6);
V t7=LOAD(w,2);HOLD(t7);
V t8=LOAD(d,0);HOLD(t8);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,0);
V t11=MUL(t8,t10);
V t12=LOAD(dw,2);
V t13=ADD(t12,t11);
STORE(dw,2,t13);
V t14=MUL(K(0),t9);
V t15=LOAD(a,0);
V t16=LOAD(da,0);
V t17=FMA(t15,t14,t16);
STORE(da,0,t17);
BARRIER;
}

template <class T>
PIECE void forward_1_0(const T* FL_RESTRICT a, const T* FL_RESTRICT, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
STORE(o,0,t2);
}

template <class T>
PIECE void backward_1_0(const T* FL_RESTRICT a, const T* FL_RESTRICT, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,0);
V t1=LOAD(w,0);
V t2=LOAD(da,0);
V t3=FMA(t1,t0,t2);
STORE(da,0,t3);
V t4=LOAD(a,0);
V t5=MUL(t0,t4);
V t6=LOAD(dw,0);
V t7=ADD(t6,t5);
STORE(dw,0,t7);
}

template <class T>
PIECE void forward_2_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
V t3=LOAD(w,1);HOLD(t3);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
STORE(o,0,t5);
}

template <class T>
PIECE void backward_2_0(const T* FL_RESTRICT a, const T* FL_RESTRICT, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,0);
V t1=LOAD(w,0);
V t2=LOAD(da,0);
V t3=FMA(t1,t0,t2);
STORE(da,0,t3);
V t4=LOAD(a,0);
V t5=MUL(t0,t4);
V t6=LOAD(dw,0);
V t7=ADD(t6,t5);
STORE(dw,0,t7);
}

template <class T>
PIECE void forward_3_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
V t3=LOAD(w,1);HOLD(t3);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
BARRIER;
// l3 = 0
V t6=LOAD(w,2);HOLD(t6);
V t7=LOAD(b,0);
V t8=MUL(t6,t7);
V t9=LOAD(a,0);HOLD(t9);
V t10=FMA(t9,t8,t5);
STORE(o,0,t10);
}

template <class T>
PIECE void backward_3_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT d, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,0);
V t1=LOAD(w,0);
V t2=LOAD(da,0);
V t3=FMA(t1,t0,t2);
STORE(da,0,t3);
V t4=LOAD(a,0);
V t5=MUL(t0,t4);
V t6=LOAD(dw,0);
V t7=ADD(t6,t5);
STORE(dw,0,t7);
BARRIER;
// l3 = 0, l12 = 0
V t8=LOAD(w,2);HOLD(t8);
V t9=LOAD(b,0);
V t10=MUL(t8,t9);
V t11=LOAD(a,0);HOLD(t11);
V t12=LOAD(da,0);
V t13=FMA(t10,t0,t12);
V t14=MUL(t11,t0);
STORE(da,0,t13);
STORE(d,0,t14);
}

template <class T>
constexpr ContractionPrograms<T> programs = {
    1, 1, {1, 2, 3},
    couple_forward<T>, {{couple_backward_2_all<T>, couple_backward_2_even<T>}, {couple_backward_3_all<T>, couple_backward_3_even<T>}},
    {{forward_1_0<T>},
     {forward_2_0<T>},
     {forward_3_0<T>}},
    {{backward_1_0<T>},
     {backward_2_0<T>},
     {backward_3_0<T>}},
    1, {{5, 5}, {8, 8}},
    {{1},
     {2},
     {4}},
    {{3},
     {3},
     {6}},
};

}  // namespace

template <>
const ContractionPrograms<float>& contraction_programs<0, float>() {
  return programs<float>;
}
template <>
const ContractionPrograms<double>& contraction_programs<0, double>() {
  return programs<double>;
}

}  // namespace fl
