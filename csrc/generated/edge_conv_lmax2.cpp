// Written by codegen/edge_conv.py; not to be edited. lmax 2.
#include "../edge_conv_kernels.h"

namespace fl::edge_conv {
namespace {

template <class T>
alignas(64) constexpr T constants[] = {
    T(0.5773502691896257),
    T(-0.31622776601683794),
    T(0.5477225575051661),
    T(0.6324555320336759),
    T(0.7071067811865476),
    T(-0.408248290463863),
    T(0.816496580927726),
    T(-0.7071067811865476),
    T(0.31622776601683794),
    T(0.408248290463863),
    T(0.4472135954999579),
    T(-0.5477225575051661),
    T(-0.5345224838248488),
    T(0.4629100498862757),
    T(0.2672612419124244),
    T(-0.4629100498862757),
    T(0.5345224838248488),
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
// (0, 2, 2)
V t4=SINGLE_LOAD(y,4);
V t5=SINGLE_LOAD(y,5);
V t6=SINGLE_LOAD(y,6);
V t7=SINGLE_LOAD(y,7);
V t8=SINGLE_LOAD(y,8);
SINGLE_STORE(d,4,t4);
SINGLE_STORE(d,5,t5);
SINGLE_STORE(d,6,t6);
SINGLE_STORE(d,7,t7);
SINGLE_STORE(d,8,t8);
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
// (0, 2, 2)
V t13=LOAD(w,2);
V t14=MUL(t13,t0);
V t15=LOAD(m,4);
V t16=FMA(SCALAR(d,4),t14,t15);
STORE(m,4,t16);
V t17=LOAD(m,5);
V t18=FMA(SCALAR(d,5),t14,t17);
STORE(m,5,t18);
V t19=LOAD(m,6);
V t20=FMA(SCALAR(d,6),t14,t19);
STORE(m,6,t20);
V t21=LOAD(m,7);
V t22=FMA(SCALAR(d,7),t14,t21);
STORE(m,7,t22);
V t23=LOAD(m,8);
V t24=FMA(SCALAR(d,8),t14,t23);
STORE(m,8,t24);
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
// (0, 2, 2)
V t20=LOAD(n,4);
V t21=MUL(SCALAR(d,4),t20);
V t22=LOAD(n,5);
V t23=FMA(SCALAR(d,5),t22,t21);
V t24=LOAD(n,6);
V t25=FMA(SCALAR(d,6),t24,t23);
V t26=LOAD(n,7);
V t27=FMA(SCALAR(d,7),t26,t25);
V t28=LOAD(n,8);
V t29=FMA(SCALAR(d,8),t28,t27);
V t30=LOAD(w,2);
V t31=LOAD(dw,2);
V t32=LOAD(h,0);
V t33=FMA(t32,t29,t31);
V t34=LOAD(dh,0);
V t35=FMA(t30,t29,t34);
STORE(dh,0,t35);
STORE(dw,2,t33);
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
// (0, 2, 2)
V t22=LOAD(w,2);
V t23=LOAD(h,0);
V t24=MUL(t22,t23);
V t25=SINGLE_LOAD(dy,4);
V t26=SINGLE_LOAD(dy,5);
V t27=SINGLE_LOAD(dy,6);
V t28=SINGLE_LOAD(dy,7);
V t29=SINGLE_LOAD(dy,8);
V t30=LOAD(n,4);
V t31=DOT(t30,t24);
V t32=ADD(t25,t31);
V t33=LOAD(n,5);
V t34=DOT(t33,t24);
V t35=ADD(t26,t34);
V t36=LOAD(n,6);
V t37=DOT(t36,t24);
V t38=ADD(t27,t37);
V t39=LOAD(n,7);
V t40=DOT(t39,t24);
V t41=ADD(t28,t40);
V t42=LOAD(n,8);
V t43=DOT(t42,t24);
V t44=ADD(t29,t43);
SINGLE_STORE(dy,4,t32);
SINGLE_STORE(dy,5,t35);
SINGLE_STORE(dy,6,t38);
SINGLE_STORE(dy,7,t41);
SINGLE_STORE(dy,8,t44);
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
// (1, 2, 1)
V t7=SINGLE_LOAD(y,4);
V t8=SINGLE_LOAD(y,5);
V t9=SINGLE_LOAD(y,6);
V t10=SINGLE_LOAD(y,7);
V t11=SINGLE_LOAD(y,8);
V t12=MUL(K(1),t9);
V t13=FNMA(K(2),t11,t12);
SINGLE_STORE(d,6,t13);
V t14=MUL(K(2),t8);
SINGLE_STORE(d,7,t14);
V t15=MUL(K(2),t7);
SINGLE_STORE(d,8,t15);
V t16=MUL(K(2),t8);
SINGLE_STORE(d,9,t16);
V t17=MUL(K(3),t9);
SINGLE_STORE(d,10,t17);
V t18=MUL(K(2),t10);
SINGLE_STORE(d,11,t18);
V t19=MUL(K(2),t7);
SINGLE_STORE(d,12,t19);
V t20=MUL(K(2),t10);
SINGLE_STORE(d,13,t20);
V t21=MUL(K(1),t9);
V t22=FMA(K(2),t11,t21);
SINGLE_STORE(d,14,t22);
BARRIER;
// (1, 1, 2)
V t23=SINGLE_LOAD(y,1);
V t24=SINGLE_LOAD(y,2);
V t25=SINGLE_LOAD(y,3);
V t26=MUL(K(4),t25);
SINGLE_STORE(d,15,t26);
V t27=MUL(K(4),t23);
SINGLE_STORE(d,16,t27);
V t28=MUL(K(4),t24);
SINGLE_STORE(d,17,t28);
V t29=MUL(K(4),t23);
SINGLE_STORE(d,18,t29);
V t30=MUL(K(5),t23);
SINGLE_STORE(d,19,t30);
V t31=MUL(K(6),t24);
SINGLE_STORE(d,20,t31);
V t32=MUL(K(5),t25);
SINGLE_STORE(d,21,t32);
V t33=MUL(K(4),t25);
SINGLE_STORE(d,22,t33);
V t34=MUL(K(4),t24);
SINGLE_STORE(d,23,t34);
V t35=MUL(K(7),t23);
SINGLE_STORE(d,24,t35);
V t36=MUL(K(4),t25);
SINGLE_STORE(d,25,t36);
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
V t13=LOAD(m,3);
V t14=MUL(SCALAR(d,4),t1);
V t15=FMA(t9,t14,t13);
STORE(m,3,t15);
V t16=LOAD(m,5);
V t17=MUL(SCALAR(d,5),t2);
V t18=FMA(t9,t17,t16);
STORE(m,5,t18);
// (1, 2, 1)
V t19=LOAD(w,2);
V t20=LOAD(m,2);
V t21=MUL(SCALAR(d,6),t0);
V t22=FMA(SCALAR(d,7),t1,t21);
V t23=FMA(SCALAR(d,8),t2,t22);
V t24=FMA(t19,t23,t20);
STORE(m,2,t24);
V t25=LOAD(m,4);
V t26=MUL(SCALAR(d,9),t0);
V t27=FMA(SCALAR(d,10),t1,t26);
V t28=FMA(SCALAR(d,11),t2,t27);
V t29=FMA(t19,t28,t25);
STORE(m,4,t29);
V t30=LOAD(m,6);
V t31=MUL(SCALAR(d,12),t0);
V t32=FMA(SCALAR(d,13),t1,t31);
V t33=FMA(SCALAR(d,14),t2,t32);
V t34=FMA(t19,t33,t30);
STORE(m,6,t34);
// (1, 1, 2)
V t35=LOAD(w,3);
V t36=MUL(t35,t0);
V t37=MUL(t35,t1);
V t38=MUL(t35,t2);
V t39=LOAD(m,7);
V t40=FMA(SCALAR(d,15),t36,t39);
V t41=FMA(SCALAR(d,16),t38,t40);
STORE(m,7,t41);
V t42=LOAD(m,8);
V t43=FMA(SCALAR(d,17),t36,t42);
V t44=FMA(SCALAR(d,18),t37,t43);
STORE(m,8,t44);
V t45=LOAD(m,9);
V t46=FMA(SCALAR(d,19),t36,t45);
V t47=FMA(SCALAR(d,20),t37,t46);
V t48=FMA(SCALAR(d,21),t38,t47);
STORE(m,9,t48);
V t49=LOAD(m,10);
V t50=FMA(SCALAR(d,22),t37,t49);
V t51=FMA(SCALAR(d,23),t38,t50);
STORE(m,10,t51);
V t52=LOAD(m,11);
V t53=FMA(SCALAR(d,24),t36,t52);
V t54=FMA(SCALAR(d,25),t38,t53);
STORE(m,11,t54);
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
V t20=LOAD(n,3);
V t21=MUL(SCALAR(d,4),t20);
V t22=LOAD(n,5);
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
// (1, 2, 1)
V t38=LOAD(n,2);
V t39=MUL(SCALAR(d,6),t38);
V t40=MUL(SCALAR(d,7),t38);
V t41=MUL(SCALAR(d,8),t38);
V t42=LOAD(n,4);
V t43=FMA(SCALAR(d,9),t42,t39);
V t44=FMA(SCALAR(d,10),t42,t40);
V t45=FMA(SCALAR(d,11),t42,t41);
V t46=LOAD(n,6);
V t47=FMA(SCALAR(d,12),t46,t43);
V t48=FMA(SCALAR(d,13),t46,t44);
V t49=FMA(SCALAR(d,14),t46,t45);
V t50=LOAD(w,2);
V t51=LOAD(dw,2);
V t52=LOAD(h,0);
V t53=FMA(t52,t47,t51);
V t54=LOAD(dh,0);
V t55=FMA(t50,t47,t54);
STORE(dh,0,t55);
V t56=LOAD(h,1);
V t57=FMA(t56,t48,t53);
V t58=LOAD(dh,1);
V t59=FMA(t50,t48,t58);
STORE(dh,1,t59);
V t60=LOAD(h,2);
V t61=FMA(t60,t49,t57);
V t62=LOAD(dh,2);
V t63=FMA(t50,t49,t62);
STORE(dh,2,t63);
STORE(dw,2,t61);
BARRIER;
// (1, 1, 2)
V t64=LOAD(n,7);
V t65=MUL(SCALAR(d,15),t64);
V t66=MUL(SCALAR(d,16),t64);
V t67=LOAD(n,8);
V t68=FMA(SCALAR(d,17),t67,t65);
V t69=MUL(SCALAR(d,18),t67);
V t70=LOAD(n,9);
V t71=FMA(SCALAR(d,19),t70,t68);
V t72=FMA(SCALAR(d,20),t70,t69);
V t73=FMA(SCALAR(d,21),t70,t66);
V t74=LOAD(n,10);
V t75=FMA(SCALAR(d,22),t74,t72);
V t76=FMA(SCALAR(d,23),t74,t73);
V t77=LOAD(n,11);
V t78=FMA(SCALAR(d,24),t77,t71);
V t79=FMA(SCALAR(d,25),t77,t76);
V t80=LOAD(w,3);
V t81=LOAD(dw,3);
V t82=LOAD(h,0);
V t83=FMA(t82,t78,t81);
V t84=LOAD(dh,0);
V t85=FMA(t80,t78,t84);
STORE(dh,0,t85);
V t86=LOAD(h,1);
V t87=FMA(t86,t75,t83);
V t88=LOAD(dh,1);
V t89=FMA(t80,t75,t88);
STORE(dh,1,t89);
V t90=LOAD(h,2);
V t91=FMA(t90,t79,t87);
V t92=LOAD(dh,2);
V t93=FMA(t80,t79,t92);
STORE(dh,2,t93);
STORE(dw,3,t91);
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
V t28=LOAD(n,3);
V t29=DOT(t28,t21);
V t30=ADD(t27,t29);
V t31=LOAD(n,5);
V t32=DOT(t31,t23);
V t33=ADD(t30,t32);
SINGLE_STORE(dy,0,t33);
BARRIER;
// (1, 2, 1)
V t34=LOAD(w,2);
V t35=LOAD(h,0);
V t36=MUL(t34,t35);
V t37=LOAD(h,1);
V t38=MUL(t34,t37);
V t39=LOAD(h,2);
V t40=MUL(t34,t39);
V t41=SINGLE_LOAD(dy,4);
V t42=SINGLE_LOAD(dy,5);
V t43=SINGLE_LOAD(dy,6);
V t44=SINGLE_LOAD(dy,7);
V t45=SINGLE_LOAD(dy,8);
V t46=LOAD(n,2);
V t47=DOT(t46,t36);
V t48=FNMA(K(8),t47,t43);
V t49=FNMA(K(2),t47,t45);
V t50=DOT(t46,t38);
V t51=FMA(K(2),t50,t42);
V t52=DOT(t46,t40);
V t53=FMA(K(2),t52,t41);
V t54=LOAD(n,4);
V t55=DOT(t54,t36);
V t56=FMA(K(2),t55,t51);
V t57=DOT(t54,t38);
V t58=FMA(K(3),t57,t48);
V t59=DOT(t54,t40);
V t60=FMA(K(2),t59,t44);
V t61=LOAD(n,6);
V t62=DOT(t61,t36);
V t63=FMA(K(2),t62,t53);
V t64=DOT(t61,t38);
V t65=FMA(K(2),t64,t60);
V t66=DOT(t61,t40);
V t67=FNMA(K(8),t66,t58);
V t68=FMA(K(2),t66,t49);
SINGLE_STORE(dy,4,t63);
SINGLE_STORE(dy,5,t56);
SINGLE_STORE(dy,6,t67);
SINGLE_STORE(dy,7,t65);
SINGLE_STORE(dy,8,t68);
BARRIER;
// (1, 1, 2)
V t69=LOAD(w,3);
V t70=LOAD(h,0);
V t71=MUL(t69,t70);
V t72=LOAD(h,1);
V t73=MUL(t69,t72);
V t74=LOAD(h,2);
V t75=MUL(t69,t74);
V t76=SINGLE_LOAD(dy,1);
V t77=SINGLE_LOAD(dy,2);
V t78=SINGLE_LOAD(dy,3);
V t79=LOAD(n,7);
V t80=DOT(t79,t71);
V t81=FMA(K(4),t80,t78);
V t82=DOT(t79,t75);
V t83=FMA(K(4),t82,t76);
V t84=LOAD(n,8);
V t85=DOT(t84,t71);
V t86=FMA(K(4),t85,t77);
V t87=DOT(t84,t73);
V t88=FMA(K(4),t87,t83);
V t89=LOAD(n,9);
V t90=DOT(t89,t71);
V t91=FNMA(K(9),t90,t88);
V t92=DOT(t89,t73);
V t93=FMA(K(6),t92,t86);
V t94=DOT(t89,t75);
V t95=FNMA(K(9),t94,t81);
V t96=LOAD(n,10);
V t97=DOT(t96,t73);
V t98=FMA(K(4),t97,t95);
V t99=DOT(t96,t75);
V t100=FMA(K(4),t99,t93);
V t101=LOAD(n,11);
V t102=DOT(t101,t71);
V t103=FNMA(K(4),t102,t91);
V t104=DOT(t101,t75);
V t105=FMA(K(4),t104,t98);
SINGLE_STORE(dy,1,t103);
SINGLE_STORE(dy,2,t100);
SINGLE_STORE(dy,3,t105);
BARRIER;
}

template <class T, int U>
PIECE void couple_2(const T* FL_RESTRICT y, T* FL_RESTRICT d) {
PROLOGUE;
// (2, 2, 0)
V t0=SINGLE_LOAD(y,4);
V t1=SINGLE_LOAD(y,5);
V t2=SINGLE_LOAD(y,6);
V t3=SINGLE_LOAD(y,7);
V t4=SINGLE_LOAD(y,8);
V t5=MUL(K(10),t0);
SINGLE_STORE(d,0,t5);
V t6=MUL(K(10),t1);
SINGLE_STORE(d,1,t6);
V t7=MUL(K(10),t2);
SINGLE_STORE(d,2,t7);
V t8=MUL(K(10),t3);
SINGLE_STORE(d,3,t8);
V t9=MUL(K(10),t4);
SINGLE_STORE(d,4,t9);
BARRIER;
// (2, 1, 1)
V t10=SINGLE_LOAD(y,1);
V t11=SINGLE_LOAD(y,2);
V t12=SINGLE_LOAD(y,3);
V t13=MUL(K(2),t12);
SINGLE_STORE(d,5,t13);
V t14=MUL(K(2),t11);
SINGLE_STORE(d,6,t14);
V t15=MUL(K(1),t10);
SINGLE_STORE(d,7,t15);
V t16=MUL(K(11),t10);
SINGLE_STORE(d,8,t16);
V t17=MUL(K(2),t10);
SINGLE_STORE(d,9,t17);
V t18=MUL(K(3),t11);
SINGLE_STORE(d,10,t18);
V t19=MUL(K(2),t12);
SINGLE_STORE(d,11,t19);
V t20=MUL(K(2),t10);
SINGLE_STORE(d,12,t20);
V t21=MUL(K(1),t12);
SINGLE_STORE(d,13,t21);
V t22=MUL(K(2),t11);
SINGLE_STORE(d,14,t22);
V t23=MUL(K(2),t12);
SINGLE_STORE(d,15,t23);
BARRIER;
// (2, 0, 2)
V t24=SINGLE_LOAD(y,0);
SINGLE_STORE(d,16,t24);
SINGLE_STORE(d,17,t24);
SINGLE_STORE(d,18,t24);
SINGLE_STORE(d,19,t24);
SINGLE_STORE(d,20,t24);
BARRIER;
// (2, 2, 2)
V t25=SINGLE_LOAD(y,4);
V t26=SINGLE_LOAD(y,5);
V t27=SINGLE_LOAD(y,6);
V t28=SINGLE_LOAD(y,7);
V t29=SINGLE_LOAD(y,8);
V t30=MUL(K(12),t27);
SINGLE_STORE(d,21,t30);
V t31=MUL(K(13),t28);
SINGLE_STORE(d,22,t31);
V t32=MUL(K(12),t25);
SINGLE_STORE(d,23,t32);
V t33=MUL(K(13),t26);
SINGLE_STORE(d,24,t33);
V t34=MUL(K(13),t28);
SINGLE_STORE(d,25,t34);
V t35=MUL(K(14),t27);
V t36=FNMA(K(13),t29,t35);
SINGLE_STORE(d,26,t36);
V t37=MUL(K(14),t26);
SINGLE_STORE(d,27,t37);
V t38=MUL(K(13),t25);
SINGLE_STORE(d,28,t38);
V t39=MUL(K(15),t26);
SINGLE_STORE(d,29,t39);
V t40=MUL(K(12),t25);
SINGLE_STORE(d,30,t40);
V t41=MUL(K(14),t26);
SINGLE_STORE(d,31,t41);
V t42=MUL(K(16),t27);
SINGLE_STORE(d,32,t42);
V t43=MUL(K(14),t28);
SINGLE_STORE(d,33,t43);
V t44=MUL(K(12),t29);
SINGLE_STORE(d,34,t44);
V t45=MUL(K(13),t26);
SINGLE_STORE(d,35,t45);
V t46=MUL(K(13),t25);
SINGLE_STORE(d,36,t46);
V t47=MUL(K(14),t28);
SINGLE_STORE(d,37,t47);
V t48=MUL(K(14),t27);
V t49=FMA(K(13),t29,t48);
SINGLE_STORE(d,38,t49);
V t50=MUL(K(13),t28);
SINGLE_STORE(d,39,t50);
V t51=MUL(K(15),t26);
SINGLE_STORE(d,40,t51);
V t52=MUL(K(12),t29);
SINGLE_STORE(d,41,t52);
V t53=MUL(K(13),t28);
SINGLE_STORE(d,42,t53);
V t54=MUL(K(12),t27);
SINGLE_STORE(d,43,t54);
BARRIER;
}

template <class T, int U>
PIECE void convolve_2(const T* FL_RESTRICT h, const T* FL_RESTRICT d, const T* FL_RESTRICT w, T* FL_RESTRICT m) {
PROLOGUE;
V t0=LOAD(h,0);
V t1=LOAD(h,1);
V t2=LOAD(h,2);
V t3=LOAD(h,3);
V t4=LOAD(h,4);
// (2, 2, 0)
V t5=LOAD(w,0);
V t6=LOAD(m,0);
V t7=MUL(SCALAR(d,0),t0);
V t8=FMA(SCALAR(d,1),t1,t7);
V t9=FMA(SCALAR(d,2),t2,t8);
V t10=FMA(SCALAR(d,3),t3,t9);
V t11=FMA(SCALAR(d,4),t4,t10);
V t12=FMA(t5,t11,t6);
STORE(m,0,t12);
// (2, 1, 1)
V t13=LOAD(w,1);
V t14=LOAD(m,1);
V t15=MUL(SCALAR(d,5),t0);
V t16=FMA(SCALAR(d,6),t1,t15);
V t17=FMA(SCALAR(d,7),t2,t16);
V t18=FMA(SCALAR(d,8),t4,t17);
V t19=FMA(t13,t18,t14);
STORE(m,1,t19);
V t20=LOAD(m,2);
V t21=MUL(SCALAR(d,9),t1);
V t22=FMA(SCALAR(d,10),t2,t21);
V t23=FMA(SCALAR(d,11),t3,t22);
V t24=FMA(t13,t23,t20);
STORE(m,2,t24);
V t25=LOAD(m,3);
V t26=MUL(SCALAR(d,12),t0);
V t27=FMA(SCALAR(d,13),t2,t26);
V t28=FMA(SCALAR(d,14),t3,t27);
V t29=FMA(SCALAR(d,15),t4,t28);
V t30=FMA(t13,t29,t25);
STORE(m,3,t30);
// (2, 0, 2)
V t31=LOAD(w,2);
V t32=LOAD(m,4);
V t33=MUL(SCALAR(d,16),t0);
V t34=FMA(t31,t33,t32);
STORE(m,4,t34);
V t35=LOAD(m,6);
V t36=MUL(SCALAR(d,17),t1);
V t37=FMA(t31,t36,t35);
STORE(m,6,t37);
V t38=LOAD(m,8);
V t39=MUL(SCALAR(d,18),t2);
V t40=FMA(t31,t39,t38);
STORE(m,8,t40);
V t41=LOAD(m,10);
V t42=MUL(SCALAR(d,19),t3);
V t43=FMA(t31,t42,t41);
STORE(m,10,t43);
V t44=LOAD(m,12);
V t45=MUL(SCALAR(d,20),t4);
V t46=FMA(t31,t45,t44);
STORE(m,12,t46);
// (2, 2, 2)
V t47=LOAD(w,3);
V t48=LOAD(m,5);
V t49=MUL(SCALAR(d,21),t0);
V t50=FMA(SCALAR(d,22),t1,t49);
V t51=FMA(SCALAR(d,23),t2,t50);
V t52=FMA(SCALAR(d,24),t3,t51);
V t53=FMA(t47,t52,t48);
STORE(m,5,t53);
V t54=LOAD(m,7);
V t55=MUL(SCALAR(d,25),t0);
V t56=FMA(SCALAR(d,26),t1,t55);
V t57=FMA(SCALAR(d,27),t2,t56);
V t58=FMA(SCALAR(d,28),t3,t57);
V t59=FMA(SCALAR(d,29),t4,t58);
V t60=FMA(t47,t59,t54);
STORE(m,7,t60);
V t61=LOAD(m,9);
V t62=MUL(SCALAR(d,30),t0);
V t63=FMA(SCALAR(d,31),t1,t62);
V t64=FMA(SCALAR(d,32),t2,t63);
V t65=FMA(SCALAR(d,33),t3,t64);
V t66=FMA(SCALAR(d,34),t4,t65);
V t67=FMA(t47,t66,t61);
STORE(m,9,t67);
V t68=LOAD(m,11);
V t69=MUL(SCALAR(d,35),t0);
V t70=FMA(SCALAR(d,36),t1,t69);
V t71=FMA(SCALAR(d,37),t2,t70);
V t72=FMA(SCALAR(d,38),t3,t71);
V t73=FMA(SCALAR(d,39),t4,t72);
V t74=FMA(t47,t73,t68);
STORE(m,11,t74);
V t75=LOAD(m,13);
V t76=MUL(SCALAR(d,40),t1);
V t77=FMA(SCALAR(d,41),t2,t76);
V t78=FMA(SCALAR(d,42),t3,t77);
V t79=FMA(SCALAR(d,43),t4,t78);
V t80=FMA(t47,t79,t75);
STORE(m,13,t80);
}

template <class T, int U>
PIECE void gradient_2(const T* FL_RESTRICT h, const T* FL_RESTRICT d, const T* FL_RESTRICT w, const T* FL_RESTRICT n, T* FL_RESTRICT dh, T* FL_RESTRICT dw) {
PROLOGUE;
// (2, 2, 0)
V t0=LOAD(n,0);
V t1=MUL(SCALAR(d,0),t0);
V t2=MUL(SCALAR(d,1),t0);
V t3=MUL(SCALAR(d,2),t0);
V t4=MUL(SCALAR(d,3),t0);
V t5=MUL(SCALAR(d,4),t0);
V t6=LOAD(w,0);
V t7=LOAD(dw,0);
V t8=LOAD(h,0);
V t9=FMA(t8,t1,t7);
V t10=LOAD(dh,0);
V t11=FMA(t6,t1,t10);
STORE(dh,0,t11);
V t12=LOAD(h,1);
V t13=FMA(t12,t2,t9);
V t14=LOAD(dh,1);
V t15=FMA(t6,t2,t14);
STORE(dh,1,t15);
V t16=LOAD(h,2);
V t17=FMA(t16,t3,t13);
V t18=LOAD(dh,2);
V t19=FMA(t6,t3,t18);
STORE(dh,2,t19);
V t20=LOAD(h,3);
V t21=FMA(t20,t4,t17);
V t22=LOAD(dh,3);
V t23=FMA(t6,t4,t22);
STORE(dh,3,t23);
V t24=LOAD(h,4);
V t25=FMA(t24,t5,t21);
V t26=LOAD(dh,4);
V t27=FMA(t6,t5,t26);
STORE(dh,4,t27);
STORE(dw,0,t25);
BARRIER;
// (2, 1, 1)
V t28=LOAD(n,1);
V t29=MUL(SCALAR(d,5),t28);
V t30=MUL(SCALAR(d,6),t28);
V t31=MUL(SCALAR(d,7),t28);
V t32=MUL(SCALAR(d,8),t28);
V t33=LOAD(n,2);
V t34=FMA(SCALAR(d,9),t33,t30);
V t35=FMA(SCALAR(d,10),t33,t31);
V t36=MUL(SCALAR(d,11),t33);
V t37=LOAD(n,3);
V t38=FMA(SCALAR(d,12),t37,t29);
V t39=FMA(SCALAR(d,13),t37,t35);
V t40=FMA(SCALAR(d,14),t37,t36);
V t41=FMA(SCALAR(d,15),t37,t32);
V t42=LOAD(w,1);
V t43=LOAD(dw,1);
V t44=LOAD(h,0);
V t45=FMA(t44,t38,t43);
V t46=LOAD(dh,0);
V t47=FMA(t42,t38,t46);
STORE(dh,0,t47);
V t48=LOAD(h,1);
V t49=FMA(t48,t34,t45);
V t50=LOAD(dh,1);
V t51=FMA(t42,t34,t50);
STORE(dh,1,t51);
V t52=LOAD(h,2);
V t53=FMA(t52,t39,t49);
V t54=LOAD(dh,2);
V t55=FMA(t42,t39,t54);
STORE(dh,2,t55);
V t56=LOAD(h,3);
V t57=FMA(t56,t40,t53);
V t58=LOAD(dh,3);
V t59=FMA(t42,t40,t58);
STORE(dh,3,t59);
V t60=LOAD(h,4);
V t61=FMA(t60,t41,t57);
V t62=LOAD(dh,4);
V t63=FMA(t42,t41,t62);
STORE(dh,4,t63);
STORE(dw,1,t61);
BARRIER;
// (2, 0, 2)
V t64=LOAD(n,4);
V t65=MUL(SCALAR(d,16),t64);
V t66=LOAD(n,6);
V t67=MUL(SCALAR(d,17),t66);
V t68=LOAD(n,8);
V t69=MUL(SCALAR(d,18),t68);
V t70=LOAD(n,10);
V t71=MUL(SCALAR(d,19),t70);
V t72=LOAD(n,12);
V t73=MUL(SCALAR(d,20),t72);
V t74=LOAD(w,2);
V t75=LOAD(dw,2);
V t76=LOAD(h,0);
V t77=FMA(t76,t65,t75);
V t78=LOAD(dh,0);
V t79=FMA(t74,t65,t78);
STORE(dh,0,t79);
V t80=LOAD(h,1);
V t81=FMA(t80,t67,t77);
V t82=LOAD(dh,1);
V t83=FMA(t74,t67,t82);
STORE(dh,1,t83);
V t84=LOAD(h,2);
V t85=FMA(t84,t69,t81);
V t86=LOAD(dh,2);
V t87=FMA(t74,t69,t86);
STORE(dh,2,t87);
V t88=LOAD(h,3);
V t89=FMA(t88,t71,t85);
V t90=LOAD(dh,3);
V t91=FMA(t74,t71,t90);
STORE(dh,3,t91);
V t92=LOAD(h,4);
V t93=FMA(t92,t73,t89);
V t94=LOAD(dh,4);
V t95=FMA(t74,t73,t94);
STORE(dh,4,t95);
STORE(dw,2,t93);
BARRIER;
// (2, 2, 2)
V t96=LOAD(n,5);
V t97=MUL(SCALAR(d,21),t96);
V t98=MUL(SCALAR(d,22),t96);
V t99=MUL(SCALAR(d,23),t96);
V t100=MUL(SCALAR(d,24),t96);
V t101=LOAD(n,7);
V t102=FMA(SCALAR(d,25),t101,t97);
V t103=FMA(SCALAR(d,26),t101,t98);
V t104=FMA(SCALAR(d,27),t101,t99);
V t105=FMA(SCALAR(d,28),t101,t100);
V t106=MUL(SCALAR(d,29),t101);
V t107=LOAD(n,9);
V t108=FMA(SCALAR(d,30),t107,t102);
V t109=FMA(SCALAR(d,31),t107,t103);
V t110=FMA(SCALAR(d,32),t107,t104);
V t111=FMA(SCALAR(d,33),t107,t105);
V t112=FMA(SCALAR(d,34),t107,t106);
V t113=LOAD(n,11);
V t114=FMA(SCALAR(d,35),t113,t108);
V t115=FMA(SCALAR(d,36),t113,t109);
V t116=FMA(SCALAR(d,37),t113,t110);
V t117=FMA(SCALAR(d,38),t113,t111);
V t118=FMA(SCALAR(d,39),t113,t112);
V t119=LOAD(n,13);
V t120=FMA(SCALAR(d,40),t119,t115);
V t121=FMA(SCALAR(d,41),t119,t116);
V t122=FMA(SCALAR(d,42),t119,t117);
V t123=FMA(SCALAR(d,43),t119,t118);
V t124=LOAD(w,3);
V t125=LOAD(dw,3);
V t126=LOAD(h,0);
V t127=FMA(t126,t114,t125);
V t128=LOAD(dh,0);
V t129=FMA(t124,t114,t128);
STORE(dh,0,t129);
V t130=LOAD(h,1);
V t131=FMA(t130,t120,t127);
V t132=LOAD(dh,1);
V t133=FMA(t124,t120,t132);
STORE(dh,1,t133);
V t134=LOAD(h,2);
V t135=FMA(t134,t121,t131);
V t136=LOAD(dh,2);
V t137=FMA(t124,t121,t136);
STORE(dh,2,t137);
V t138=LOAD(h,3);
V t139=FMA(t138,t122,t135);
V t140=LOAD(dh,3);
V t141=FMA(t124,t122,t140);
STORE(dh,3,t141);
V t142=LOAD(h,4);
V t143=FMA(t142,t123,t139);
V t144=LOAD(dh,4);
V t145=FMA(t124,t123,t144);
STORE(dh,4,t145);
STORE(dw,3,t143);
BARRIER;
}

template <class T, int U>
PIECE void harmonics_2(const T* FL_RESTRICT h, const T* FL_RESTRICT w, const T* FL_RESTRICT n, T* FL_RESTRICT dy) {
PROLOGUE;
// (2, 2, 0)
V t0=LOAD(w,0);
V t1=LOAD(h,0);
V t2=MUL(t0,t1);
V t3=LOAD(h,1);
V t4=MUL(t0,t3);
V t5=LOAD(h,2);
V t6=MUL(t0,t5);
V t7=LOAD(h,3);
V t8=MUL(t0,t7);
V t9=LOAD(h,4);
V t10=MUL(t0,t9);
V t11=SINGLE_LOAD(dy,4);
V t12=SINGLE_LOAD(dy,5);
V t13=SINGLE_LOAD(dy,6);
V t14=SINGLE_LOAD(dy,7);
V t15=SINGLE_LOAD(dy,8);
V t16=LOAD(n,0);
V t17=DOT(t16,t2);
V t18=FMA(K(10),t17,t11);
V t19=DOT(t16,t4);
V t20=FMA(K(10),t19,t12);
V t21=DOT(t16,t6);
V t22=FMA(K(10),t21,t13);
V t23=DOT(t16,t8);
V t24=FMA(K(10),t23,t14);
V t25=DOT(t16,t10);
V t26=FMA(K(10),t25,t15);
SINGLE_STORE(dy,4,t18);
SINGLE_STORE(dy,5,t20);
SINGLE_STORE(dy,6,t22);
SINGLE_STORE(dy,7,t24);
SINGLE_STORE(dy,8,t26);
BARRIER;
// (2, 1, 1)
V t27=LOAD(w,1);
V t28=LOAD(h,0);
V t29=MUL(t27,t28);
V t30=LOAD(h,1);
V t31=MUL(t27,t30);
V t32=LOAD(h,2);
V t33=MUL(t27,t32);
V t34=LOAD(h,3);
V t35=MUL(t27,t34);
V t36=LOAD(h,4);
V t37=MUL(t27,t36);
V t38=SINGLE_LOAD(dy,1);
V t39=SINGLE_LOAD(dy,2);
V t40=SINGLE_LOAD(dy,3);
V t41=LOAD(n,1);
V t42=DOT(t41,t29);
V t43=FMA(K(2),t42,t40);
V t44=DOT(t41,t31);
V t45=FMA(K(2),t44,t39);
V t46=DOT(t41,t33);
V t47=FNMA(K(8),t46,t38);
V t48=DOT(t41,t37);
V t49=FNMA(K(2),t48,t47);
V t50=LOAD(n,2);
V t51=DOT(t50,t31);
V t52=FMA(K(2),t51,t49);
V t53=DOT(t50,t33);
V t54=FMA(K(3),t53,t45);
V t55=DOT(t50,t35);
V t56=FMA(K(2),t55,t43);
V t57=LOAD(n,3);
V t58=DOT(t57,t29);
V t59=FMA(K(2),t58,t52);
V t60=DOT(t57,t33);
V t61=FNMA(K(8),t60,t56);
V t62=DOT(t57,t35);
V t63=FMA(K(2),t62,t54);
V t64=DOT(t57,t37);
V t65=FMA(K(2),t64,t61);
SINGLE_STORE(dy,1,t59);
SINGLE_STORE(dy,2,t63);
SINGLE_STORE(dy,3,t65);
BARRIER;
// (2, 0, 2)
V t66=LOAD(w,2);
V t67=LOAD(h,0);
V t68=MUL(t66,t67);
V t69=LOAD(h,1);
V t70=MUL(t66,t69);
V t71=LOAD(h,2);
V t72=MUL(t66,t71);
V t73=LOAD(h,3);
V t74=MUL(t66,t73);
V t75=LOAD(h,4);
V t76=MUL(t66,t75);
V t77=SINGLE_LOAD(dy,0);
V t78=LOAD(n,4);
V t79=DOT(t78,t68);
V t80=ADD(t77,t79);
V t81=LOAD(n,6);
V t82=DOT(t81,t70);
V t83=ADD(t80,t82);
V t84=LOAD(n,8);
V t85=DOT(t84,t72);
V t86=ADD(t83,t85);
V t87=LOAD(n,10);
V t88=DOT(t87,t74);
V t89=ADD(t86,t88);
V t90=LOAD(n,12);
V t91=DOT(t90,t76);
V t92=ADD(t89,t91);
SINGLE_STORE(dy,0,t92);
BARRIER;
// (2, 2, 2)
V t93=LOAD(w,3);
V t94=LOAD(h,0);
V t95=MUL(t93,t94);
V t96=LOAD(h,1);
V t97=MUL(t93,t96);
V t98=LOAD(h,2);
V t99=MUL(t93,t98);
V t100=LOAD(h,3);
V t101=MUL(t93,t100);
V t102=LOAD(h,4);
V t103=MUL(t93,t102);
V t104=SINGLE_LOAD(dy,4);
V t105=SINGLE_LOAD(dy,5);
V t106=SINGLE_LOAD(dy,6);
V t107=SINGLE_LOAD(dy,7);
V t108=SINGLE_LOAD(dy,8);
V t109=LOAD(n,5);
V t110=DOT(t109,t95);
V t111=FNMA(K(16),t110,t106);
V t112=DOT(t109,t97);
V t113=FMA(K(13),t112,t107);
V t114=DOT(t109,t99);
V t115=FNMA(K(16),t114,t104);
V t116=DOT(t109,t101);
V t117=FMA(K(13),t116,t105);
V t118=LOAD(n,7);
V t119=DOT(t118,t95);
V t120=FMA(K(13),t119,t113);
V t121=DOT(t118,t97);
V t122=FMA(K(14),t121,t111);
V t123=FNMA(K(13),t121,t108);
V t124=DOT(t118,t99);
V t125=FMA(K(14),t124,t117);
V t126=DOT(t118,t101);
V t127=FMA(K(13),t126,t115);
V t128=DOT(t118,t103);
V t129=FNMA(K(13),t128,t125);
V t130=LOAD(n,9);
V t131=DOT(t130,t95);
V t132=FNMA(K(16),t131,t127);
V t133=DOT(t130,t97);
V t134=FMA(K(14),t133,t129);
V t135=DOT(t130,t99);
V t136=FMA(K(16),t135,t122);
V t137=DOT(t130,t101);
V t138=FMA(K(14),t137,t120);
V t139=DOT(t130,t103);
V t140=FNMA(K(16),t139,t123);
V t141=LOAD(n,11);
V t142=DOT(t141,t95);
V t143=FMA(K(13),t142,t134);
V t144=DOT(t141,t97);
V t145=FMA(K(13),t144,t132);
V t146=DOT(t141,t99);
V t147=FMA(K(14),t146,t138);
V t148=DOT(t141,t101);
V t149=FMA(K(14),t148,t136);
V t150=FMA(K(13),t148,t140);
V t151=DOT(t141,t103);
V t152=FMA(K(13),t151,t147);
V t153=LOAD(n,13);
V t154=DOT(t153,t97);
V t155=FNMA(K(13),t154,t143);
V t156=DOT(t153,t99);
V t157=FNMA(K(16),t156,t150);
V t158=DOT(t153,t101);
V t159=FMA(K(13),t158,t152);
V t160=DOT(t153,t103);
V t161=FNMA(K(16),t160,t149);
SINGLE_STORE(dy,4,t145);
SINGLE_STORE(dy,5,t155);
SINGLE_STORE(dy,6,t161);
SINGLE_STORE(dy,7,t159);
SINGLE_STORE(dy,8,t157);
BARRIER;
}

template <class T, int U>
constexpr Group<T> groups[] = {
    {0, 3, 9, 9, {1, 1, 1},
     couple_0<T, U>, convolve_0<T, U>, gradient_0<T, U>, harmonics_0<T, U>},
    {1, 4, 12, 26, {1, 2, 1},
     couple_1<T, U>, convolve_1<T, U>, gradient_1<T, U>, harmonics_1<T, U>},
    {2, 4, 14, 44, {1, 1, 2},
     couple_2<T, U>, convolve_2<T, U>, gradient_2<T, U>, harmonics_2<T, U>},
};

}  // namespace

template <class T>
const Group<T>* groups_lmax2(int vectors) {
  return vectors == 1 ? groups<T, 1> : groups<T, widest_pack>;
}
template const Group<float>* groups_lmax2<float>(int);
template const Group<double>* groups_lmax2<double>(int);

}  // namespace fl::edge_conv
