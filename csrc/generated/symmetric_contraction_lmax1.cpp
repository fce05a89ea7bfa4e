// Written by codegen/symmetric_contraction.py, which says what it computes: lmax = 1.
#include "../straight_line.h"
#include "../symmetric_contraction_programs.h"

namespace fl {
namespace {

template <class T>
alignas(64) constexpr T constants[] = {
    T(0.5773502691896257),
    T(2.0),
    T(1.1547005383792515),
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
// (0, 1)
V t3=LOAD(a,0);
V t4=LOAD(a,1);
V t5=MUL(t3,t4);
V t6=LOAD(a,0);
V t7=LOAD(a,2);
V t8=MUL(t6,t7);
V t9=LOAD(a,0);
V t10=LOAD(a,3);
V t11=MUL(t9,t10);
STORE(b,1,t5);
STORE(b,2,t8);
STORE(b,3,t11);
BARRIER;
// (1, 1)
V t12=LOAD(a,1);
V t13=LOAD(a,1);
V t14=MUL(t12,t13);
V t15=MUL(K(0),t14);
V t16=LOAD(a,2);
V t17=LOAD(a,2);
V t18=MUL(t16,t17);
V t19=FMA(K(0),t18,t15);
V t20=LOAD(a,3);
V t21=LOAD(a,3);
V t22=MUL(t20,t21);
V t23=FMA(K(0),t22,t19);
STORE(b,4,t23);
BARRIER;
}

template <class T>
PIECE void couple_backward(const T* FL_RESTRICT a, const T* FL_RESTRICT db, T* FL_RESTRICT da) {
PROLOGUE;
// (0, 0)
V t0=LOAD(da,0);
V t1=LOAD(db,0);
V t2=MUL(K(1),t1);
V t3=LOAD(a,0);
V t4=FMA(t3,t2,t0);
STORE(da,0,t4);
BARRIER;
// (0, 1)
V t5=LOAD(da,0);
V t6=LOAD(da,1);
V t7=LOAD(da,2);
V t8=LOAD(da,3);
V t9=LOAD(db,1);
V t10=LOAD(db,2);
V t11=LOAD(db,3);
V t12=LOAD(a,1);
V t13=FMA(t12,t9,t5);
V t14=LOAD(a,0);
V t15=FMA(t14,t9,t6);
V t16=LOAD(a,2);
V t17=FMA(t16,t10,t13);
V t18=LOAD(a,0);
V t19=FMA(t18,t10,t7);
V t20=LOAD(a,3);
V t21=FMA(t20,t11,t17);
V t22=LOAD(a,0);
V t23=FMA(t22,t11,t8);
STORE(da,0,t21);
STORE(da,1,t15);
STORE(da,2,t19);
STORE(da,3,t23);
BARRIER;
// (1, 1)
V t24=LOAD(da,1);
V t25=LOAD(da,2);
V t26=LOAD(da,3);
V t27=LOAD(db,4);
V t28=MUL(K(2),t27);
V t29=LOAD(a,1);
V t30=FMA(t29,t28,t24);
V t31=MUL(K(2),t27);
V t32=LOAD(a,2);
V t33=FMA(t32,t31,t25);
V t34=MUL(K(2),t27);
V t35=LOAD(a,3);
V t36=FMA(t35,t34,t26);
STORE(da,1,t30);
STORE(da,2,t33);
STORE(da,3,t36);
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
PIECE void forward_1_1(const T* FL_RESTRICT a, const T* FL_RESTRICT, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,1);
V t1=LOAD(a,1);
V t2=MUL(t0,t1);
V t3=LOAD(a,2);
V t4=MUL(t0,t3);
V t5=LOAD(a,3);
V t6=MUL(t0,t5);
STORE(o,1,t2);
STORE(o,2,t4);
STORE(o,3,t6);
}

template <class T>
PIECE void backward_1_1(const T* FL_RESTRICT a, const T* FL_RESTRICT, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,1);
V t1=LOAD(g,2);
V t2=LOAD(g,3);
V t3=LOAD(w,1);
V t4=LOAD(da,1);
V t5=FMA(t3,t0,t4);
STORE(da,1,t5);
V t6=LOAD(a,1);
V t7=MUL(t0,t6);
V t8=LOAD(da,2);
V t9=FMA(t3,t1,t8);
STORE(da,2,t9);
V t10=LOAD(a,2);
V t11=FMA(t1,t10,t7);
V t12=LOAD(da,3);
V t13=FMA(t3,t2,t12);
STORE(da,3,t13);
V t14=LOAD(a,3);
V t15=FMA(t2,t14,t11);
V t16=LOAD(dw,1);
V t17=ADD(t16,t15);
STORE(dw,1,t17);
}

template <class T>
PIECE void forward_2_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
V t3=LOAD(w,2);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
V t6=LOAD(w,3);
V t7=LOAD(b,4);
V t8=FMA(t6,t7,t5);
STORE(o,0,t8);
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
V t8=LOAD(w,2);
V t9=LOAD(db,0);
V t10=FMA(t8,t0,t9);
STORE(db,0,t10);
V t11=LOAD(b,0);
V t12=MUL(t0,t11);
V t13=LOAD(dw,2);
V t14=ADD(t13,t12);
STORE(dw,2,t14);
V t15=LOAD(w,3);
V t16=LOAD(db,4);
V t17=FMA(t15,t0,t16);
STORE(db,4,t17);
V t18=LOAD(b,4);
V t19=MUL(t0,t18);
V t20=LOAD(dw,3);
V t21=ADD(t20,t19);
STORE(dw,3,t21);
}

template <class T>
PIECE void forward_2_1(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,1);
V t1=LOAD(a,1);
V t2=MUL(t0,t1);
V t3=LOAD(a,2);
V t4=MUL(t0,t3);
V t5=LOAD(a,3);
V t6=MUL(t0,t5);
V t7=LOAD(w,4);
V t8=LOAD(b,1);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,2);
V t11=FMA(t7,t10,t4);
V t12=LOAD(b,3);
V t13=FMA(t7,t12,t6);
STORE(o,1,t9);
STORE(o,2,t11);
STORE(o,3,t13);
}

template <class T>
PIECE void backward_2_1(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT db, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,1);
V t1=LOAD(g,2);
V t2=LOAD(g,3);
V t3=LOAD(w,1);
V t4=LOAD(da,1);
V t5=FMA(t3,t0,t4);
STORE(da,1,t5);
V t6=LOAD(a,1);
V t7=MUL(t0,t6);
V t8=LOAD(da,2);
V t9=FMA(t3,t1,t8);
STORE(da,2,t9);
V t10=LOAD(a,2);
V t11=FMA(t1,t10,t7);
V t12=LOAD(da,3);
V t13=FMA(t3,t2,t12);
STORE(da,3,t13);
V t14=LOAD(a,3);
V t15=FMA(t2,t14,t11);
V t16=LOAD(dw,1);
V t17=ADD(t16,t15);
STORE(dw,1,t17);
V t18=LOAD(w,4);
V t19=LOAD(db,1);
V t20=FMA(t18,t0,t19);
STORE(db,1,t20);
V t21=LOAD(b,1);
V t22=MUL(t0,t21);
V t23=LOAD(db,2);
V t24=FMA(t18,t1,t23);
STORE(db,2,t24);
V t25=LOAD(b,2);
V t26=FMA(t1,t25,t22);
V t27=LOAD(db,3);
V t28=FMA(t18,t2,t27);
STORE(db,3,t28);
V t29=LOAD(b,3);
V t30=FMA(t2,t29,t26);
V t31=LOAD(dw,4);
V t32=ADD(t31,t30);
STORE(dw,4,t32);
}

template <class T>
PIECE void forward_3_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
V t3=LOAD(w,2);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
V t6=LOAD(w,3);
V t7=LOAD(b,4);
V t8=FMA(t6,t7,t5);
BARRIER;
// l3 = 0
V t9=LOAD(w,5);
V t10=LOAD(b,0);
V t11=MUL(t9,t10);
V t12=LOAD(w,6);
V t13=LOAD(b,4);
V t14=FMA(t12,t13,t11);
V t15=LOAD(a,0);
V t16=FMA(t15,t14,t8);
STORE(o,0,t16);
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
V t8=LOAD(w,2);
V t9=LOAD(db,0);
V t10=FMA(t8,t0,t9);
STORE(db,0,t10);
V t11=LOAD(b,0);
V t12=MUL(t0,t11);
V t13=LOAD(dw,2);
V t14=ADD(t13,t12);
STORE(dw,2,t14);
V t15=LOAD(w,3);
V t16=LOAD(db,4);
V t17=FMA(t15,t0,t16);
STORE(db,4,t17);
V t18=LOAD(b,4);
V t19=MUL(t0,t18);
V t20=LOAD(dw,3);
V t21=ADD(t20,t19);
STORE(dw,3,t21);
BARRIER;
// l3 = 0: to da
V t22=LOAD(w,5);
V t23=LOAD(b,0);
V t24=MUL(t22,t23);
V t25=LOAD(w,6);
V t26=LOAD(b,4);
V t27=FMA(t25,t26,t24);
V t28=LOAD(da,0);
V t29=FMA(t0,t27,t28);
STORE(da,0,t29);
BARRIER;
// l3 = 0: to db and dw
V t30=LOAD(a,0);
V t31=MUL(t30,t0);
V t32=LOAD(w,5);
V t33=LOAD(db,0);
V t34=FMA(t32,t31,t33);
STORE(db,0,t34);
V t35=LOAD(b,0);
V t36=MUL(t31,t35);
V t37=LOAD(dw,5);
V t38=ADD(t37,t36);
STORE(dw,5,t38);
V t39=LOAD(w,6);
V t40=LOAD(db,4);
V t41=FMA(t39,t31,t40);
STORE(db,4,t41);
V t42=LOAD(b,4);
V t43=MUL(t31,t42);
V t44=LOAD(dw,6);
V t45=ADD(t44,t43);
STORE(dw,6,t45);
}

template <class T>
PIECE void forward_3_1(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,1);
V t1=LOAD(a,1);
V t2=MUL(t0,t1);
V t3=LOAD(a,2);
V t4=MUL(t0,t3);
V t5=LOAD(a,3);
V t6=MUL(t0,t5);
V t7=LOAD(w,4);
V t8=LOAD(b,1);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,2);
V t11=FMA(t7,t10,t4);
V t12=LOAD(b,3);
V t13=FMA(t7,t12,t6);
BARRIER;
// l3 = 1
V t14=LOAD(w,7);
V t15=LOAD(b,0);
V t16=MUL(t14,t15);
V t17=LOAD(w,8);
V t18=LOAD(b,4);
V t19=FMA(t17,t18,t16);
V t20=LOAD(a,1);
V t21=FMA(t20,t19,t9);
V t22=LOAD(a,2);
V t23=FMA(t22,t19,t11);
V t24=LOAD(a,3);
V t25=FMA(t24,t19,t13);
STORE(o,1,t21);
STORE(o,2,t23);
STORE(o,3,t25);
}

template <class T>
PIECE void backward_3_1(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT db, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,1);
V t1=LOAD(g,2);
V t2=LOAD(g,3);
V t3=LOAD(w,1);
V t4=LOAD(da,1);
V t5=FMA(t3,t0,t4);
STORE(da,1,t5);
V t6=LOAD(a,1);
V t7=MUL(t0,t6);
V t8=LOAD(da,2);
V t9=FMA(t3,t1,t8);
STORE(da,2,t9);
V t10=LOAD(a,2);
V t11=FMA(t1,t10,t7);
V t12=LOAD(da,3);
V t13=FMA(t3,t2,t12);
STORE(da,3,t13);
V t14=LOAD(a,3);
V t15=FMA(t2,t14,t11);
V t16=LOAD(dw,1);
V t17=ADD(t16,t15);
STORE(dw,1,t17);
V t18=LOAD(w,4);
V t19=LOAD(db,1);
V t20=FMA(t18,t0,t19);
STORE(db,1,t20);
V t21=LOAD(b,1);
V t22=MUL(t0,t21);
V t23=LOAD(db,2);
V t24=FMA(t18,t1,t23);
STORE(db,2,t24);
V t25=LOAD(b,2);
V t26=FMA(t1,t25,t22);
V t27=LOAD(db,3);
V t28=FMA(t18,t2,t27);
STORE(db,3,t28);
V t29=LOAD(b,3);
V t30=FMA(t2,t29,t26);
V t31=LOAD(dw,4);
V t32=ADD(t31,t30);
STORE(dw,4,t32);
BARRIER;
// l3 = 1: to da
V t33=LOAD(w,7);
V t34=LOAD(b,0);
V t35=MUL(t33,t34);
V t36=LOAD(w,8);
V t37=LOAD(b,4);
V t38=FMA(t36,t37,t35);
V t39=LOAD(da,1);
V t40=FMA(t0,t38,t39);
STORE(da,1,t40);
V t41=LOAD(da,2);
V t42=FMA(t1,t38,t41);
STORE(da,2,t42);
V t43=LOAD(da,3);
V t44=FMA(t2,t38,t43);
STORE(da,3,t44);
BARRIER;
// l3 = 1: to db and dw
V t45=LOAD(a,1);
V t46=MUL(t45,t0);
V t47=LOAD(a,2);
V t48=MUL(t47,t1);
V t49=ADD(t46,t48);
V t50=LOAD(a,3);
V t51=MUL(t50,t2);
V t52=ADD(t49,t51);
V t53=LOAD(w,7);
V t54=LOAD(db,0);
V t55=FMA(t53,t52,t54);
STORE(db,0,t55);
V t56=LOAD(b,0);
V t57=MUL(t52,t56);
V t58=LOAD(dw,7);
V t59=ADD(t58,t57);
STORE(dw,7,t59);
V t60=LOAD(w,8);
V t61=LOAD(db,4);
V t62=FMA(t60,t52,t61);
STORE(db,4,t62);
V t63=LOAD(b,4);
V t64=MUL(t52,t63);
V t65=LOAD(dw,8);
V t66=ADD(t65,t64);
STORE(dw,8,t66);
}

template <class T>
constexpr ContractionPrograms<T> programs = {
    5, {2, 5, 9},
    couple_forward<T>, couple_backward<T>,
    {{forward_1_0<T>, forward_1_1<T>},
     {forward_2_0<T>, forward_2_1<T>},
     {forward_3_0<T>, forward_3_1<T>}},
    {{backward_1_0<T>, backward_1_1<T>},
     {backward_2_0<T>, backward_2_1<T>},
     {backward_3_0<T>, backward_3_1<T>}},
    10, 14,
    {{1, 3},
     {3, 6},
     {6, 11}},
    {{3, 7},
     {9, 14},
     {19, 30}},
};

}  // namespace

template <>
const ContractionPrograms<float>& contraction_programs<1, float>() {
  return programs<float>;
}
template <>
const ContractionPrograms<double>& contraction_programs<1, double>() {
  return programs<double>;
}

}  // namespace fl
