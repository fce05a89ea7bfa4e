// Written by codegen/symmetric_contraction.py, which says what it computes: lmax = 1.
#include "base/straight_line.h"
#include "ops/symmetric_contraction/symmetric_contraction_programs.h"

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
PIECE void couple_backward_2_all(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,2);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,2);
V t6=ADD(t5,t4);
STORE(dw,2,t6);
V t7=MUL(K(1),t2);
V t8=LOAD(a,0);
V t9=LOAD(da,0);
V t10=FMA(t8,t7,t9);
STORE(da,0,t10);
BARRIER;
// (0, 1)
V t11=LOAD(w,4);HOLD(t11);
V t12=LOAD(g,1);HOLD(t12);
V t13=MUL(t11,t12);
V t14=LOAD(b,1);
V t15=MUL(t12,t14);
V t16=LOAD(g,2);HOLD(t16);
V t17=MUL(t11,t16);
V t18=LOAD(b,2);
V t19=FMA(t16,t18,t15);
V t20=LOAD(g,3);HOLD(t20);
V t21=MUL(t11,t20);
V t22=LOAD(b,3);
V t23=FMA(t20,t22,t19);
V t24=LOAD(dw,4);
V t25=ADD(t24,t23);
STORE(dw,4,t25);
V t26=LOAD(a,1);
V t27=LOAD(da,0);
V t28=FMA(t26,t13,t27);
V t29=LOAD(a,0);
V t30=LOAD(da,1);
V t31=FMA(t29,t13,t30);
V t32=LOAD(a,2);
V t33=FMA(t32,t17,t28);
V t34=LOAD(a,0);
V t35=LOAD(da,2);
V t36=FMA(t34,t17,t35);
V t37=LOAD(a,3);
V t38=FMA(t37,t21,t33);
V t39=LOAD(a,0);
V t40=LOAD(da,3);
V t41=FMA(t39,t21,t40);
STORE(da,0,t38);
STORE(da,1,t31);
STORE(da,2,t36);
STORE(da,3,t41);
BARRIER;
// (1, 1)
V t42=LOAD(w,3);HOLD(t42);
V t43=LOAD(g,0);HOLD(t43);
V t44=MUL(t42,t43);
V t45=LOAD(b,4);
V t46=MUL(t43,t45);
V t47=LOAD(dw,3);
V t48=ADD(t47,t46);
STORE(dw,3,t48);
V t49=MUL(K(2),t44);
V t50=LOAD(a,1);
V t51=LOAD(da,1);
V t52=FMA(t50,t49,t51);
STORE(da,1,t52);
V t53=MUL(K(2),t44);
V t54=LOAD(a,2);
V t55=LOAD(da,2);
V t56=FMA(t54,t53,t55);
STORE(da,2,t56);
V t57=MUL(K(2),t44);
V t58=LOAD(a,3);
V t59=LOAD(da,3);
V t60=FMA(t58,t57,t59);
STORE(da,3,t60);
BARRIER;
}

template <class T>
PIECE void couple_backward_2_even(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,2);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,2);
V t6=ADD(t5,t4);
STORE(dw,2,t6);
V t7=MUL(K(1),t2);
V t8=LOAD(a,0);
V t9=LOAD(da,0);
V t10=FMA(t8,t7,t9);
STORE(da,0,t10);
BARRIER;
// (0, 1)
BARRIER;
// (1, 1)
V t11=LOAD(w,3);HOLD(t11);
V t12=LOAD(g,0);HOLD(t12);
V t13=MUL(t11,t12);
V t14=LOAD(b,4);
V t15=MUL(t12,t14);
V t16=LOAD(dw,3);
V t17=ADD(t16,t15);
STORE(dw,3,t17);
V t18=MUL(K(2),t13);
V t19=LOAD(a,1);
V t20=LOAD(da,1);
V t21=FMA(t19,t18,t20);
STORE(da,1,t21);
V t22=MUL(K(2),t13);
V t23=LOAD(a,2);
V t24=LOAD(da,2);
V t25=FMA(t23,t22,t24);
STORE(da,2,t25);
V t26=MUL(K(2),t13);
V t27=LOAD(a,3);
V t28=LOAD(da,3);
V t29=FMA(t27,t26,t28);
STORE(da,3,t29);
BARRIER;
}

template <class T>
PIECE void couple_backward_3_all(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,2);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,2);
V t6=ADD(t5,t4);
STORE(dw,2,t6);
V t7=LOAD(w,5);HOLD(t7);
V t8=LOAD(d,0);HOLD(t8);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,0);
V t11=MUL(t8,t10);
V t12=LOAD(dw,5);
V t13=ADD(t12,t11);
STORE(dw,5,t13);
V t14=LOAD(w,7);HOLD(t14);
V t15=LOAD(d,1);HOLD(t15);
V t16=FMA(t14,t15,t9);
V t17=LOAD(b,0);
V t18=MUL(t15,t17);
V t19=LOAD(dw,7);
V t20=ADD(t19,t18);
STORE(dw,7,t20);
V t21=MUL(K(1),t16);
V t22=LOAD(a,0);
V t23=LOAD(da,0);
V t24=FMA(t22,t21,t23);
STORE(da,0,t24);
BARRIER;
// (0, 1)
V t25=LOAD(w,4);HOLD(t25);
V t26=LOAD(g,1);HOLD(t26);
V t27=MUL(t25,t26);
V t28=LOAD(b,1);
V t29=MUL(t26,t28);
V t30=LOAD(g,2);HOLD(t30);
V t31=MUL(t25,t30);
V t32=LOAD(b,2);
V t33=FMA(t30,t32,t29);
V t34=LOAD(g,3);HOLD(t34);
V t35=MUL(t25,t34);
V t36=LOAD(b,3);
V t37=FMA(t34,t36,t33);
V t38=LOAD(dw,4);
V t39=ADD(t38,t37);
STORE(dw,4,t39);
V t40=LOAD(a,1);
V t41=LOAD(da,0);
V t42=FMA(t40,t27,t41);
V t43=LOAD(a,0);
V t44=LOAD(da,1);
V t45=FMA(t43,t27,t44);
V t46=LOAD(a,2);
V t47=FMA(t46,t31,t42);
V t48=LOAD(a,0);
V t49=LOAD(da,2);
V t50=FMA(t48,t31,t49);
V t51=LOAD(a,3);
V t52=FMA(t51,t35,t47);
V t53=LOAD(a,0);
V t54=LOAD(da,3);
V t55=FMA(t53,t35,t54);
STORE(da,0,t52);
STORE(da,1,t45);
STORE(da,2,t50);
STORE(da,3,t55);
BARRIER;
// (1, 1)
V t56=LOAD(w,3);HOLD(t56);
V t57=LOAD(g,0);HOLD(t57);
V t58=MUL(t56,t57);
V t59=LOAD(b,4);
V t60=MUL(t57,t59);
V t61=LOAD(dw,3);
V t62=ADD(t61,t60);
STORE(dw,3,t62);
V t63=LOAD(w,6);HOLD(t63);
V t64=LOAD(d,0);HOLD(t64);
V t65=FMA(t63,t64,t58);
V t66=LOAD(b,4);
V t67=MUL(t64,t66);
V t68=LOAD(dw,6);
V t69=ADD(t68,t67);
STORE(dw,6,t69);
V t70=LOAD(w,8);HOLD(t70);
V t71=LOAD(d,1);HOLD(t71);
V t72=FMA(t70,t71,t65);
V t73=LOAD(b,4);
V t74=MUL(t71,t73);
V t75=LOAD(dw,8);
V t76=ADD(t75,t74);
STORE(dw,8,t76);
V t77=MUL(K(2),t72);
V t78=LOAD(a,1);
V t79=LOAD(da,1);
V t80=FMA(t78,t77,t79);
STORE(da,1,t80);
V t81=MUL(K(2),t72);
V t82=LOAD(a,2);
V t83=LOAD(da,2);
V t84=FMA(t82,t81,t83);
STORE(da,2,t84);
V t85=MUL(K(2),t72);
V t86=LOAD(a,3);
V t87=LOAD(da,3);
V t88=FMA(t86,t85,t87);
STORE(da,3,t88);
BARRIER;
}

template <class T>
PIECE void couple_backward_3_even(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT dw) {
PROLOGUE;
// (0, 0)
V t0=LOAD(w,2);HOLD(t0);
V t1=LOAD(g,0);HOLD(t1);
V t2=MUL(t0,t1);
V t3=LOAD(b,0);
V t4=MUL(t1,t3);
V t5=LOAD(dw,2);
V t6=ADD(t5,t4);
STORE(dw,2,t6);
V t7=LOAD(w,5);HOLD(t7);
V t8=LOAD(d,0);HOLD(t8);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,0);
V t11=MUL(t8,t10);
V t12=LOAD(dw,5);
V t13=ADD(t12,t11);
STORE(dw,5,t13);
V t14=MUL(K(1),t9);
V t15=LOAD(a,0);
V t16=LOAD(da,0);
V t17=FMA(t15,t14,t16);
STORE(da,0,t17);
BARRIER;
// (0, 1)
BARRIER;
// (1, 1)
V t18=LOAD(w,3);HOLD(t18);
V t19=LOAD(g,0);HOLD(t19);
V t20=MUL(t18,t19);
V t21=LOAD(b,4);
V t22=MUL(t19,t21);
V t23=LOAD(dw,3);
V t24=ADD(t23,t22);
STORE(dw,3,t24);
V t25=LOAD(w,6);HOLD(t25);
V t26=LOAD(d,0);HOLD(t26);
V t27=FMA(t25,t26,t20);
V t28=LOAD(b,4);
V t29=MUL(t26,t28);
V t30=LOAD(dw,6);
V t31=ADD(t30,t29);
STORE(dw,6,t31);
V t32=MUL(K(2),t27);
V t33=LOAD(a,1);
V t34=LOAD(da,1);
V t35=FMA(t33,t32,t34);
STORE(da,1,t35);
V t36=MUL(K(2),t27);
V t37=LOAD(a,2);
V t38=LOAD(da,2);
V t39=FMA(t37,t36,t38);
STORE(da,2,t39);
V t40=MUL(K(2),t27);
V t41=LOAD(a,3);
V t42=LOAD(da,3);
V t43=FMA(t41,t40,t42);
STORE(da,3,t43);
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
V t6=LOAD(da,2);
V t7=FMA(t3,t1,t6);
STORE(da,2,t7);
V t8=LOAD(da,3);
V t9=FMA(t3,t2,t8);
STORE(da,3,t9);
V t10=LOAD(a,1);
V t11=MUL(t0,t10);
V t12=LOAD(a,2);
V t13=FMA(t1,t12,t11);
V t14=LOAD(a,3);
V t15=FMA(t2,t14,t13);
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
V t3=LOAD(w,2);HOLD(t3);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
V t6=LOAD(w,3);HOLD(t6);
V t7=LOAD(b,4);
V t8=FMA(t6,t7,t5);
STORE(o,0,t8);
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
PIECE void forward_2_1(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,1);
V t1=LOAD(a,1);
V t2=MUL(t0,t1);
V t3=LOAD(a,2);
V t4=MUL(t0,t3);
V t5=LOAD(a,3);
V t6=MUL(t0,t5);
V t7=LOAD(w,4);HOLD(t7);
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
PIECE void backward_2_1(const T* FL_RESTRICT a, const T* FL_RESTRICT, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,1);
V t1=LOAD(g,2);
V t2=LOAD(g,3);
V t3=LOAD(w,1);
V t4=LOAD(da,1);
V t5=FMA(t3,t0,t4);
STORE(da,1,t5);
V t6=LOAD(da,2);
V t7=FMA(t3,t1,t6);
STORE(da,2,t7);
V t8=LOAD(da,3);
V t9=FMA(t3,t2,t8);
STORE(da,3,t9);
V t10=LOAD(a,1);
V t11=MUL(t0,t10);
V t12=LOAD(a,2);
V t13=FMA(t1,t12,t11);
V t14=LOAD(a,3);
V t15=FMA(t2,t14,t13);
V t16=LOAD(dw,1);
V t17=ADD(t16,t15);
STORE(dw,1,t17);
}

template <class T>
PIECE void forward_3_0(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT w, T* FL_RESTRICT o) {
PROLOGUE;
V t0=LOAD(w,0);
V t1=LOAD(a,0);
V t2=MUL(t0,t1);
V t3=LOAD(w,2);HOLD(t3);
V t4=LOAD(b,0);
V t5=FMA(t3,t4,t2);
V t6=LOAD(w,3);HOLD(t6);
V t7=LOAD(b,4);
V t8=FMA(t6,t7,t5);
BARRIER;
// l3 = 0
V t9=LOAD(w,5);HOLD(t9);
V t10=LOAD(b,0);
V t11=MUL(t9,t10);
V t12=LOAD(w,6);HOLD(t12);
V t13=LOAD(b,4);
V t14=FMA(t12,t13,t11);
V t15=LOAD(a,0);HOLD(t15);
V t16=FMA(t15,t14,t8);
STORE(o,0,t16);
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
V t8=LOAD(w,5);HOLD(t8);
V t9=LOAD(b,0);
V t10=MUL(t8,t9);
V t11=LOAD(w,6);HOLD(t11);
V t12=LOAD(b,4);
V t13=FMA(t11,t12,t10);
V t14=LOAD(a,0);HOLD(t14);
V t15=LOAD(da,0);
V t16=FMA(t13,t0,t15);
V t17=MUL(t14,t0);
STORE(da,0,t16);
STORE(d,0,t17);
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
V t7=LOAD(w,4);HOLD(t7);
V t8=LOAD(b,1);
V t9=FMA(t7,t8,t2);
V t10=LOAD(b,2);
V t11=FMA(t7,t10,t4);
V t12=LOAD(b,3);
V t13=FMA(t7,t12,t6);
BARRIER;
// l3 = 1
V t14=LOAD(w,7);HOLD(t14);
V t15=LOAD(b,0);
V t16=MUL(t14,t15);
V t17=LOAD(w,8);HOLD(t17);
V t18=LOAD(b,4);
V t19=FMA(t17,t18,t16);
V t20=LOAD(a,1);HOLD(t20);
V t21=FMA(t20,t19,t9);
V t22=LOAD(a,2);HOLD(t22);
V t23=FMA(t22,t19,t11);
V t24=LOAD(a,3);HOLD(t24);
V t25=FMA(t24,t19,t13);
STORE(o,1,t21);
STORE(o,2,t23);
STORE(o,3,t25);
}

template <class T>
PIECE void backward_3_1(const T* FL_RESTRICT a, const T* FL_RESTRICT b, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, T* FL_RESTRICT d, T* FL_RESTRICT dw) {
PROLOGUE;
V t0=LOAD(g,1);
V t1=LOAD(g,2);
V t2=LOAD(g,3);
V t3=LOAD(w,1);
V t4=LOAD(da,1);
V t5=FMA(t3,t0,t4);
STORE(da,1,t5);
V t6=LOAD(da,2);
V t7=FMA(t3,t1,t6);
STORE(da,2,t7);
V t8=LOAD(da,3);
V t9=FMA(t3,t2,t8);
STORE(da,3,t9);
V t10=LOAD(a,1);
V t11=MUL(t0,t10);
V t12=LOAD(a,2);
V t13=FMA(t1,t12,t11);
V t14=LOAD(a,3);
V t15=FMA(t2,t14,t13);
V t16=LOAD(dw,1);
V t17=ADD(t16,t15);
STORE(dw,1,t17);
BARRIER;
// l3 = 1, l12 = 0
V t18=LOAD(w,7);HOLD(t18);
V t19=LOAD(b,0);
V t20=MUL(t18,t19);
V t21=LOAD(w,8);HOLD(t21);
V t22=LOAD(b,4);
V t23=FMA(t21,t22,t20);
V t24=LOAD(a,1);HOLD(t24);
V t25=LOAD(da,1);
V t26=FMA(t23,t0,t25);
V t27=MUL(t24,t0);
STORE(da,1,t26);
V t28=LOAD(a,2);HOLD(t28);
V t29=LOAD(da,2);
V t30=FMA(t23,t1,t29);
V t31=FMA(t28,t1,t27);
STORE(da,2,t30);
V t32=LOAD(a,3);HOLD(t32);
V t33=LOAD(da,3);
V t34=FMA(t23,t2,t33);
V t35=FMA(t32,t2,t31);
STORE(da,3,t34);
STORE(d,1,t35);
}

template <class T>
constexpr ContractionPrograms<T> programs = {
    5, 2, {2, 5, 9},
    couple_forward<T>, {{couple_backward_2_all<T>, couple_backward_2_even<T>}, {couple_backward_3_all<T>, couple_backward_3_even<T>}},
    {{forward_1_0<T>, forward_1_1<T>},
     {forward_2_0<T>, forward_2_1<T>},
     {forward_3_0<T>, forward_3_1<T>}},
    {{backward_1_0<T>, backward_1_1<T>},
     {backward_2_0<T>, backward_2_1<T>},
     {backward_3_0<T>, backward_3_1<T>}},
    10, {{27, 14}, {39, 20}},
    {{1, 3},
     {3, 6},
     {6, 11}},
    {{3, 7},
     {3, 7},
     {7, 15}},
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
