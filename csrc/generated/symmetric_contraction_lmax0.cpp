// Written by codegen/symmetric_contraction.py, which says what it computes: lmax = 0.
#include "../straight_line.h"
#include "../symmetric_contraction_programs.h"

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
PIECE void couple_backward(const T* FL_RESTRICT a, const T* FL_RESTRICT db, T* FL_RESTRICT da) {
PROLOGUE;
// (0, 0)
V t0=LOAD(da,0);
V t1=LOAD(db,0);
V t2=MUL(K(0),t1);
V t3=LOAD(a,0);
V t4=FMA(t3,t2,t0);
STORE(da,0,t4);
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
V t3=LOAD(w,1);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
STORE(o,0,t5);
}

template <class T>
PIECE void backward_2_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT db, T* FL_RESTRICT dw) {
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
V t8=LOAD(w,1);
V t9=LOAD(db,0);
V t10=FMA(t8,t0,t9);
STORE(db,0,t10);
V t11=LOAD(b,0);
V t12=MUL(t0,t11);
V t13=LOAD(dw,1);
V t14=ADD(t13,t12);
STORE(dw,1,t14);
}

template <class T>
PIECE void forward_3_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
V t3=LOAD(w,1);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
BARRIER;
// l3 = 0
V t6=LOAD(w,2);
V t7=LOAD(b,0);
V t8=MUL(t6,t7);
V t9=LOAD(a,0);
V t10=FMA(t9,t8,t5);
STORE(o,0,t10);
}

template <class T>
PIECE void backward_3_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT db, T* FL_RESTRICT dw) {
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
V t8=LOAD(w,1);
V t9=LOAD(db,0);
V t10=FMA(t8,t0,t9);
STORE(db,0,t10);
V t11=LOAD(b,0);
V t12=MUL(t0,t11);
V t13=LOAD(dw,1);
V t14=ADD(t13,t12);
STORE(dw,1,t14);
BARRIER;
// l3 = 0: to da
V t15=LOAD(w,2);
V t16=LOAD(b,0);
V t17=MUL(t15,t16);
V t18=LOAD(da,0);
V t19=FMA(t0,t17,t18);
STORE(da,0,t19);
BARRIER;
// l3 = 0: to db and dw
V t20=LOAD(a,0);
V t21=MUL(t20,t0);
V t22=LOAD(w,2);
V t23=LOAD(db,0);
V t24=FMA(t22,t21,t23);
STORE(db,0,t24);
V t25=LOAD(b,0);
V t26=MUL(t21,t25);
V t27=LOAD(dw,2);
V t28=ADD(t27,t26);
STORE(dw,2,t28);
}

template <class T>
constexpr ContractionPrograms<T> programs = {
    1, {1, 2, 3},
    couple_forward<T>, couple_backward<T>,
    {{forward_1_0<T>},
     {forward_2_0<T>},
     {forward_3_0<T>}},
    {{backward_1_0<T>},
     {backward_2_0<T>},
     {backward_3_0<T>}},
    1, 2,
    {{1},
     {2},
     {4}},
    {{3},
     {6},
     {12}},
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
