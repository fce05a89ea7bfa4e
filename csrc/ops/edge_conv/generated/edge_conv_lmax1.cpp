// Written by codegen/edge_conv.py; not to be edited. lmax 1.
#include "ops/edge_conv/edge_conv_kernels.h"

namespace fl::edge_conv {
namespace {

template <class T>
alignas(64) constexpr T constants[] = {
    T(0.5773502691896257),
};

template <class T, int U>
PIECE void couple_0(const T* FL_RESTRICT y, T* FL_RESTRICT d) {
PROLOGUE;
// (0, 0, 0)
V t0=SINGLE_LOAD(y,0);
SINGLE_STORE(d,0,t0);
BARRIER;
// (0, 1, 1)
V t1=SINGLE_LOAD(y,1);
V t2=SINGLE_LOAD(y,2);
V t3=SINGLE_LOAD(y,3);
SINGLE_STORE(d,1,t1);
SINGLE_STORE(d,2,t2);
SINGLE_STORE(d,3,t3);
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
// (0, 1, 1)
V t5=LOAD(w,1);
V t6=MUL(t5,t0);
V t7=LOAD(m,1);
V t8=FMA(SCALAR(d,1),t6,t7);
STORE(m,1,t8);
V t9=LOAD(m,2);
V t10=FMA(SCALAR(d,2),t6,t9);
STORE(m,2,t10);
V t11=LOAD(m,3);
V t12=FMA(SCALAR(d,3),t6,t11);
STORE(m,3,t12);
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
// (0, 1, 1)
V t8=LOAD(n,1);
V t9=MUL(SCALAR(d,1),t8);
V t10=LOAD(n,2);
V t11=FMA(SCALAR(d,2),t10,t9);
V t12=LOAD(n,3);
V t13=FMA(SCALAR(d,3),t12,t11);
V t14=LOAD(w,1);
V t15=LOAD(dw,1);
V t16=LOAD(h,0);
V t17=FMA(t16,t13,t15);
V t18=LOAD(dh,0);
V t19=FMA(t14,t13,t18);
STORE(dh,0,t19);
STORE(dw,1,t17);
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
// (0, 1, 1)
V t7=LOAD(w,1);
V t8=LOAD(h,0);
V t9=MUL(t7,t8);
V t10=SINGLE_LOAD(dy,1);
V t11=SINGLE_LOAD(dy,2);
V t12=SINGLE_LOAD(dy,3);
V t13=LOAD(n,1);
V t14=DOT(t13,t9);
V t15=ADD(t10,t14);
V t16=LOAD(n,2);
V t17=DOT(t16,t9);
V t18=ADD(t11,t17);
V t19=LOAD(n,3);
V t20=DOT(t19,t9);
V t21=ADD(t12,t20);
SINGLE_STORE(dy,1,t15);
SINGLE_STORE(dy,2,t18);
SINGLE_STORE(dy,3,t21);
BARRIER;
}

template <class T, int U>
PIECE void couple_1(const T* FL_RESTRICT y, T* FL_RESTRICT d) {
PROLOGUE;
// (1, 1, 0)
V t0=SINGLE_LOAD(y,1);
V t1=SINGLE_LOAD(y,2);
V t2=SINGLE_LOAD(y,3);
V t3=MUL(K(0),t0);
SINGLE_STORE(d,0,t3);
V t4=MUL(K(0),t1);
SINGLE_STORE(d,1,t4);
V t5=MUL(K(0),t2);
SINGLE_STORE(d,2,t5);
BARRIER;
// (1, 0, 1)
V t6=SINGLE_LOAD(y,0);
SINGLE_STORE(d,3,t6);
SINGLE_STORE(d,4,t6);
SINGLE_STORE(d,5,t6);
BARRIER;
}

template <class T, int U>
PIECE void convolve_1(const T* FL_RESTRICT h, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT m) {
PROLOGUE;
V t0=LOAD(h,0);
V t1=LOAD(h,1);
V t2=LOAD(h,2);
// (1, 1, 0)
V t3=LOAD(w,0);
V t4=LOAD(m,0);
V t5=MUL(SCALAR(d,0),t0);
V t6=FMA(SCALAR(d,1),t1,t5);
V t7=FMA(SCALAR(d,2),t2,t6);
V t8=FMA(t3,t7,t4);
STORE(m,0,t8);
// (1, 0, 1)
V t9=LOAD(w,1);
V t10=LOAD(m,1);
V t11=MUL(SCALAR(d,3),t0);
V t12=FMA(t9,t11,t10);
STORE(m,1,t12);
V t13=LOAD(m,2);
V t14=MUL(SCALAR(d,4),t1);
V t15=FMA(t9,t14,t13);
STORE(m,2,t15);
V t16=LOAD(m,3);
V t17=MUL(SCALAR(d,5),t2);
V t18=FMA(t9,t17,t16);
STORE(m,3,t18);
}

template <class T, int U>
PIECE void gradient_1(const T* FL_RESTRICT h, const T* FL_RESTRICT d, const T* FL_RESTRICT w, const T* FL_RESTRICT n, T* FL_RESTRICT dh, T* FL_RESTRICT dw) {
PROLOGUE;
// (1, 1, 0)
V t0=LOAD(n,0);
V t1=MUL(SCALAR(d,0),t0);
V t2=MUL(SCALAR(d,1),t0);
V t3=MUL(SCALAR(d,2),t0);
V t4=LOAD(w,0);
V t5=LOAD(dw,0);
V t6=LOAD(h,0);
V t7=FMA(t6,t1,t5);
V t8=LOAD(dh,0);
V t9=FMA(t4,t1,t8);
STORE(dh,0,t9);
V t10=LOAD(h,1);
V t11=FMA(t10,t2,t7);
V t12=LOAD(dh,1);
V t13=FMA(t4,t2,t12);
STORE(dh,1,t13);
V t14=LOAD(h,2);
V t15=FMA(t14,t3,t11);
V t16=LOAD(dh,2);
V t17=FMA(t4,t3,t16);
STORE(dh,2,t17);
STORE(dw,0,t15);
BARRIER;
// (1, 0, 1)
V t18=LOAD(n,1);
V t19=MUL(SCALAR(d,3),t18);
V t20=LOAD(n,2);
V t21=MUL(SCALAR(d,4),t20);
V t22=LOAD(n,3);
V t23=MUL(SCALAR(d,5),t22);
V t24=LOAD(w,1);
V t25=LOAD(dw,1);
V t26=LOAD(h,0);
V t27=FMA(t26,t19,t25);
V t28=LOAD(dh,0);
V t29=FMA(t24,t19,t28);
STORE(dh,0,t29);
V t30=LOAD(h,1);
V t31=FMA(t30,t21,t27);
V t32=LOAD(dh,1);
V t33=FMA(t24,t21,t32);
STORE(dh,1,t33);
V t34=LOAD(h,2);
V t35=FMA(t34,t23,t31);
V t36=LOAD(dh,2);
V t37=FMA(t24,t23,t36);
STORE(dh,2,t37);
STORE(dw,1,t35);
BARRIER;
}

template <class T, int U>
PIECE void harmonics_1(const T* FL_RESTRICT h, const T* FL_RESTRICT w, const T* FL_RESTRICT n, T* FL_RESTRICT dy) {
PROLOGUE;
// (1, 1, 0)
V t0=LOAD(w,0);
V t1=LOAD(h,0);
V t2=MUL(t0,t1);
V t3=LOAD(h,1);
V t4=MUL(t0,t3);
V t5=LOAD(h,2);
V t6=MUL(t0,t5);
V t7=SINGLE_LOAD(dy,1);
V t8=SINGLE_LOAD(dy,2);
V t9=SINGLE_LOAD(dy,3);
V t10=LOAD(n,0);
V t11=DOT(t10,t2);
V t12=FMA(K(0),t11,t7);
V t13=DOT(t10,t4);
V t14=FMA(K(0),t13,t8);
V t15=DOT(t10,t6);
V t16=FMA(K(0),t15,t9);
SINGLE_STORE(dy,1,t12);
SINGLE_STORE(dy,2,t14);
SINGLE_STORE(dy,3,t16);
BARRIER;
// (1, 0, 1)
V t17=LOAD(w,1);
V t18=LOAD(h,0);
V t19=MUL(t17,t18);
V t20=LOAD(h,1);
V t21=MUL(t17,t20);
V t22=LOAD(h,2);
V t23=MUL(t17,t22);
V t24=SINGLE_LOAD(dy,0);
V t25=LOAD(n,1);
V t26=DOT(t25,t19);
V t27=ADD(t24,t26);
V t28=LOAD(n,2);
V t29=DOT(t28,t21);
V t30=ADD(t27,t29);
V t31=LOAD(n,3);
V t32=DOT(t31,t23);
V t33=ADD(t30,t32);
SINGLE_STORE(dy,0,t33);
BARRIER;
}

template <class T, int U>
constexpr Group<T> groups[] = {
    {0, 2, 4, 4, {1, 1},
     couple_0<T, U>, convolve_0<T, U>, gradient_0<T, U>, harmonics_0<T, U>},
    {1, 2, 4, 6, {1, 1},
     couple_1<T, U>, convolve_1<T, U>, gradient_1<T, U>, harmonics_1<T, U>},
};

}  // namespace

template <class T>
const Group<T>* groups_lmax1(int vectors) {
  return vectors == 1 ? groups<T, 1> : groups<T, widest_pack>;
}
template const Group<float>* groups_lmax1<float>(int);
template const Group<double>* groups_lmax1<double>(int);

}  // namespace fl::edge_conv
