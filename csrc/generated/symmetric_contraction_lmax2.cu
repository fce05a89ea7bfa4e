// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 2.
#include "../cuda/straight_line.h"
#include "../cuda/symmetric_contraction_kernels.h"

#define ROW_a row
#define ROW_g row
#define ROW_o row
#define ROW_da row
#define ROW_w weight_lanes

namespace fl {
namespace lmax2 {

template <class T>
__device__ constexpr T constants[] = {
    T(0.5773502691896257),
    T(0.4472135954999579),
    T(-0.31622776601683794),
    T(0.5477225575051661),
    T(0.6324555320336759),
    T(-0.5477225575051661),
    T(0.7071067811865475),
    T(-0.408248290463863),
    T(0.816496580927726),
    T(-0.7071067811865475),
    T(1.414213562373095),
    T(-1.0690449676496976),
    T(0.9258200997725514),
    T(0.5345224838248488),
    T(-0.5345224838248488),
    T(0.2672612419124244),
    T(-0.4629100498862757),
    T(0.4629100498862757),
    T(2.0),
    T(1.1547005383792515),
    T(0.8944271909999159),
    T(-0.816496580927726),
    T(1.632993161855452),
    T(-0.9258200997725514),
    T(1.0690449676496976),
};

struct Forward {
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT w, T* FL_RESTRICT o, int row) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=ZERO;
V t10=ZERO;
V t11=ZERO;
V t12=ZERO;
V t13=ZERO;
V t14=ZERO;
V t15=ZERO;
V t16=ZERO;
V t17=ZERO;
if (OUTPUTS>>0&1) {
V t18=LOAD(w,0);
t9=FMA(t18,t0,t9);
}
if (OUTPUTS>>1&1) {
V t18=LOAD(w,1);
t10=FMA(t18,t1,t10);
t11=FMA(t18,t2,t11);
t12=FMA(t18,t3,t12);
}
if (OUTPUTS>>2&1) {
V t18=LOAD(w,2);
t13=FMA(t18,t4,t13);
t14=FMA(t18,t5,t14);
t15=FMA(t18,t6,t15);
t16=FMA(t18,t7,t16);
t17=FMA(t18,t8,t17);
}
// l12 = 0
V t18=MUL(t0,t0);
V t19=FMA(t3,MUL(K(0),t3),FMA(t2,MUL(K(0),t2),MUL(t1,MUL(K(0),t1))));
V t20=FMA(t8,MUL(K(1),t8),FMA(t7,MUL(K(1),t7),FMA(t6,MUL(K(1),t6),FMA(t5,MUL(K(1),t5),MUL(t4,MUL(K(1),t4))))));
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t21=LOAD(w,3);
V t22=LOAD(w,4);
V t23=LOAD(w,5);
t9=FMA(t23,t20,FMA(t22,t19,FMA(t21,t18,t9)));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t21=LOAD(w,11);
V t22=LOAD(w,12);
V t23=LOAD(w,13);
V t24=FMA(t23,t20,FMA(t22,t19,MUL(t21,t18)));
t9=FMA(t0,t24,t9);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t21=LOAD(w,16);
V t22=LOAD(w,17);
V t23=LOAD(w,18);
V t24=FMA(t23,t20,FMA(t22,t19,MUL(t21,t18)));
t10=FMA(t1,t24,t10);
t11=FMA(t2,t24,t11);
t12=FMA(t3,t24,t12);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t21=LOAD(w,23);
V t22=LOAD(w,24);
V t23=LOAD(w,25);
V t24=FMA(t23,t20,FMA(t22,t19,MUL(t21,t18)));
t13=FMA(t4,t24,t13);
t14=FMA(t5,t24,t14);
t15=FMA(t6,t24,t15);
t16=FMA(t7,t24,t16);
t17=FMA(t8,t24,t17);
}
// l12 = 1
V t21=MUL(t0,t1);
V t22=MUL(t0,t2);
V t23=MUL(t0,t3);
V t24=FMA(t3,MUL(K(3),t4),FMA(t2,MUL(K(3),t5),MUL(t1,FNMA(K(3),t8,MUL(K(2),t6)))));
V t25=FMA(t3,MUL(K(3),t7),FMA(t2,MUL(K(4),t6),MUL(t1,MUL(K(3),t5))));
V t26=FMA(t3,FMA(K(3),t8,MUL(K(2),t6)),FMA(t2,MUL(K(3),t7),MUL(t1,MUL(K(3),t4))));
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t27=LOAD(w,6);
V t28=LOAD(w,7);
t10=FMA(t28,t24,FMA(t27,t21,t10));
t11=FMA(t28,t25,FMA(t27,t22,t11));
t12=FMA(t28,t26,FMA(t27,t23,t12));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t27=LOAD(w,14);
V t28=MUL(t27,t24);
V t29=MUL(t27,t25);
V t30=MUL(t27,t26);
t9=FMA(t3,MUL(K(0),t30),FMA(t2,MUL(K(0),t29),FMA(t1,MUL(K(0),t28),t9)));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t27=LOAD(w,19);
V t28=LOAD(w,20);
V t29=FMA(t28,t24,MUL(t27,t21));
V t30=FMA(t28,t25,MUL(t27,t22));
V t31=FMA(t28,t26,MUL(t27,t23));
t10=FMA(t8,MUL(K(5),t29),FMA(t6,MUL(K(2),t29),FMA(t5,MUL(K(3),t30),FMA(t4,MUL(K(3),t31),t10))));
t11=FMA(t7,MUL(K(3),t31),FMA(t6,MUL(K(4),t30),FMA(t5,MUL(K(3),t29),t11)));
t12=FMA(t8,MUL(K(3),t31),FMA(t7,MUL(K(3),t30),FMA(t6,MUL(K(2),t31),FMA(t4,MUL(K(3),t29),t12))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t27=LOAD(w,21);
V t28=LOAD(w,22);
V t29=FMA(t28,t24,MUL(t27,t21));
V t30=FMA(t28,t25,MUL(t27,t22));
V t31=FMA(t28,t26,MUL(t27,t23));
t13=FMA(t3,MUL(K(6),t29),FMA(t1,MUL(K(6),t31),t13));
t14=FMA(t2,MUL(K(6),t29),FMA(t1,MUL(K(6),t30),t14));
t15=FMA(t3,MUL(K(7),t31),FMA(t2,MUL(K(8),t30),FMA(t1,MUL(K(7),t29),t15)));
t16=FMA(t3,MUL(K(6),t30),FMA(t2,MUL(K(6),t31),t16));
t17=FMA(t3,MUL(K(6),t31),FMA(t1,MUL(K(9),t29),t17));
}
// l12 = 2
V t27=MUL(t0,t4);
V t28=MUL(t0,t5);
V t29=MUL(t0,t6);
V t30=MUL(t0,t7);
V t31=MUL(t0,t8);
V t32=MUL(t1,MUL(K(10),t3));
V t33=MUL(t1,MUL(K(10),t2));
V t34=FMA(t3,MUL(K(7),t3),FMA(t2,MUL(K(8),t2),MUL(t1,MUL(K(7),t1))));
V t35=MUL(t2,MUL(K(10),t3));
V t36=FMA(t3,MUL(K(6),t3),MUL(t1,MUL(K(9),t1)));
V t37=FMA(t5,MUL(K(12),t7),MUL(t4,MUL(K(11),t6)));
V t38=FMA(t5,FNMA(K(12),t8,MUL(K(13),t6)),MUL(t4,MUL(K(12),t7)));
V t39=FMA(t8,MUL(K(14),t8),FMA(t7,MUL(K(15),t7),FMA(t6,MUL(K(13),t6),FMA(t5,MUL(K(15),t5),MUL(t4,MUL(K(14),t4))))));
V t40=FMA(t7,MUL(K(12),t8),FMA(t6,MUL(K(13),t7),MUL(t4,MUL(K(12),t5))));
V t41=FMA(t7,MUL(K(17),t7),FMA(t6,MUL(K(11),t8),MUL(t5,MUL(K(16),t5))));
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t42=LOAD(w,8);
V t43=LOAD(w,9);
V t44=LOAD(w,10);
t13=FMA(t44,t37,FMA(t43,t32,FMA(t42,t27,t13)));
t14=FMA(t44,t38,FMA(t43,t33,FMA(t42,t28,t14)));
t15=FMA(t44,t39,FMA(t43,t34,FMA(t42,t29,t15)));
t16=FMA(t44,t40,FMA(t43,t35,FMA(t42,t30,t16)));
t17=FMA(t44,t41,FMA(t43,t36,FMA(t42,t31,t17)));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t42=LOAD(w,15);
V t43=MUL(t42,t37);
V t44=MUL(t42,t38);
V t45=MUL(t42,t39);
V t46=MUL(t42,t40);
V t47=MUL(t42,t41);
t9=FMA(t8,MUL(K(1),t47),FMA(t7,MUL(K(1),t46),FMA(t6,MUL(K(1),t45),FMA(t5,MUL(K(1),t44),FMA(t4,MUL(K(1),t43),t9)))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t42=LOAD(w,26);
V t43=MUL(t42,t27);
V t44=MUL(t42,t28);
V t45=MUL(t42,t29);
V t46=MUL(t42,t30);
V t47=MUL(t42,t31);
t13=FMA(t7,MUL(K(17),t44),FMA(t6,MUL(K(14),t43),FMA(t5,MUL(K(17),t46),FMA(t4,MUL(K(14),t45),t13))));
t14=FMA(t8,MUL(K(16),t44),FMA(t7,MUL(K(17),t43),FMA(t6,MUL(K(15),t44),FMA(t5,FNMA(K(17),t47,MUL(K(15),t45)),FMA(t4,MUL(K(17),t46),t14)))));
t15=FMA(t8,MUL(K(14),t47),FMA(t7,MUL(K(15),t46),FMA(t6,MUL(K(13),t45),FMA(t5,MUL(K(15),t44),FMA(t4,MUL(K(14),t43),t15)))));
t16=FMA(t8,MUL(K(17),t46),FMA(t7,FMA(K(17),t47,MUL(K(15),t45)),FMA(t6,MUL(K(15),t46),FMA(t5,MUL(K(17),t43),FMA(t4,MUL(K(17),t44),t16)))));
t17=FMA(t8,MUL(K(14),t45),FMA(t7,MUL(K(17),t46),FMA(t6,MUL(K(14),t47),FMA(t5,MUL(K(16),t44),t17))));
}
STORE(o,0,t9);
STORE(o,1,t10);
STORE(o,2,t11);
STORE(o,3,t12);
STORE(o,4,t13);
STORE(o,5,t14);
STORE(o,6,t15);
STORE(o,7,t16);
STORE(o,8,t17);
}
};

struct Backward0 {
static constexpr int weights = 15;
static constexpr bool first = true;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {0, 1, 2, 3, 4, 5, 11, 12, 13, 16, 17, 18, 23, 24, 25};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[15]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=LOAD(g,0);
V t10=LOAD(g,1);
V t11=LOAD(g,2);
V t12=LOAD(g,3);
V t13=LOAD(g,4);
V t14=LOAD(g,5);
V t15=LOAD(g,6);
V t16=LOAD(g,7);
V t17=LOAD(g,8);
V t18=ZERO;
V t19=ZERO;
V t20=ZERO;
V t21=ZERO;
V t22=ZERO;
V t23=ZERO;
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
if (OUTPUTS>>0&1) {
V t27=LOAD(w,0);
t18=FMA(t27,t9,t18);
sum[0]=FMA(t0,t9,sum[0]);
}
if (OUTPUTS>>1&1) {
V t27=LOAD(w,1);
t19=FMA(t27,t10,t19);
t20=FMA(t27,t11,t20);
t21=FMA(t27,t12,t21);
sum[1]=FMA(t3,t12,FMA(t2,t11,FMA(t1,t10,sum[1])));
}
if (OUTPUTS>>2&1) {
V t27=LOAD(w,2);
t22=FMA(t27,t13,t22);
t23=FMA(t27,t14,t23);
t24=FMA(t27,t15,t24);
t25=FMA(t27,t16,t25);
t26=FMA(t27,t17,t26);
sum[2]=FMA(t8,t17,FMA(t7,t16,FMA(t6,t15,FMA(t5,t14,FMA(t4,t13,sum[2])))));
}
V t27=MUL(t0,t0);
V t28=FMA(t3,MUL(K(0),t3),FMA(t2,MUL(K(0),t2),MUL(t1,MUL(K(0),t1))));
V t29=FMA(t8,MUL(K(1),t8),FMA(t7,MUL(K(1),t7),FMA(t6,MUL(K(1),t6),FMA(t5,MUL(K(1),t5),MUL(t4,MUL(K(1),t4))))));
V t30=ZERO;
V t31=ZERO;
V t32=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t33=LOAD(w,3);
t30=FMA(t33,t9,t30);
sum[3]=FMA(t9,t27,sum[3]);
V t34=LOAD(w,4);
t31=FMA(t34,t9,t31);
sum[4]=FMA(t9,t28,sum[4]);
V t35=LOAD(w,5);
t32=FMA(t35,t9,t32);
sum[5]=FMA(t9,t29,sum[5]);
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t33=LOAD(w,11);
V t34=LOAD(w,12);
V t35=LOAD(w,13);
V t36=FMA(t35,t29,FMA(t34,t28,MUL(t33,t27)));
V t37=t9;
t18=FMA(t36,t37,t18);
V t38=MUL(t0,t37);
V t39=LOAD(w,11);
t30=FMA(t39,t38,t30);
sum[6]=FMA(t38,t27,sum[6]);
V t40=LOAD(w,12);
t31=FMA(t40,t38,t31);
sum[7]=FMA(t38,t28,sum[7]);
V t41=LOAD(w,13);
t32=FMA(t41,t38,t32);
sum[8]=FMA(t38,t29,sum[8]);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t33=LOAD(w,16);
V t34=LOAD(w,17);
V t35=LOAD(w,18);
V t36=FMA(t35,t29,FMA(t34,t28,MUL(t33,t27)));
V t37=t10;
t19=FMA(t36,t37,t19);
V t38=t11;
t20=FMA(t36,t38,t20);
V t39=t12;
t21=FMA(t36,t39,t21);
V t40=FMA(t3,t39,FMA(t2,t38,MUL(t1,t37)));
V t41=LOAD(w,16);
t30=FMA(t41,t40,t30);
sum[9]=FMA(t40,t27,sum[9]);
V t42=LOAD(w,17);
t31=FMA(t42,t40,t31);
sum[10]=FMA(t40,t28,sum[10]);
V t43=LOAD(w,18);
t32=FMA(t43,t40,t32);
sum[11]=FMA(t40,t29,sum[11]);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t33=LOAD(w,23);
V t34=LOAD(w,24);
V t35=LOAD(w,25);
V t36=FMA(t35,t29,FMA(t34,t28,MUL(t33,t27)));
V t37=t13;
t22=FMA(t36,t37,t22);
V t38=t14;
t23=FMA(t36,t38,t23);
V t39=t15;
t24=FMA(t36,t39,t24);
V t40=t16;
t25=FMA(t36,t40,t25);
V t41=t17;
t26=FMA(t36,t41,t26);
V t42=FMA(t8,t41,FMA(t7,t40,FMA(t6,t39,FMA(t5,t38,MUL(t4,t37)))));
V t43=LOAD(w,23);
t30=FMA(t43,t42,t30);
sum[12]=FMA(t42,t27,sum[12]);
V t44=LOAD(w,24);
t31=FMA(t44,t42,t31);
sum[13]=FMA(t42,t28,sum[13]);
V t45=LOAD(w,25);
t32=FMA(t45,t42,t32);
sum[14]=FMA(t42,t29,sum[14]);
}
V t33=MUL(K(18),t30);
t18=FMA(t0,t33,t18);
V t34=MUL(K(19),t31);
V t35=MUL(K(19),t31);
V t36=MUL(K(19),t31);
t19=FMA(t1,t34,t19);
t20=FMA(t2,t35,t20);
t21=FMA(t3,t36,t21);
V t37=MUL(K(20),t32);
V t38=MUL(K(20),t32);
V t39=MUL(K(20),t32);
V t40=MUL(K(20),t32);
V t41=MUL(K(20),t32);
t22=FMA(t4,t37,t22);
t23=FMA(t5,t38,t23);
t24=FMA(t6,t39,t24);
t25=FMA(t7,t40,t25);
t26=FMA(t8,t41,t26);
STORE(da,0,t18);
STORE(da,1,t19);
STORE(da,2,t20);
STORE(da,3,t21);
STORE(da,4,t22);
STORE(da,5,t23);
STORE(da,6,t24);
STORE(da,7,t25);
STORE(da,8,t26);
}
};

struct Backward1 {
static constexpr int weights = 7;
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {6, 7, 14, 19, 20, 21, 22};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[7]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=LOAD(g,0);
V t10=LOAD(g,1);
V t11=LOAD(g,2);
V t12=LOAD(g,3);
V t13=LOAD(g,4);
V t14=LOAD(g,5);
V t15=LOAD(g,6);
V t16=LOAD(g,7);
V t17=LOAD(g,8);
V t18=ZERO;
V t19=ZERO;
V t20=ZERO;
V t21=ZERO;
V t22=ZERO;
V t23=ZERO;
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
V t27=MUL(t0,t1);
V t28=MUL(t0,t2);
V t29=MUL(t0,t3);
V t30=FMA(t3,MUL(K(3),t4),FMA(t2,MUL(K(3),t5),MUL(t1,FNMA(K(3),t8,MUL(K(2),t6)))));
V t31=FMA(t3,MUL(K(3),t7),FMA(t2,MUL(K(4),t6),MUL(t1,MUL(K(3),t5))));
V t32=FMA(t3,FMA(K(3),t8,MUL(K(2),t6)),FMA(t2,MUL(K(3),t7),MUL(t1,MUL(K(3),t4))));
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t39=LOAD(w,6);
t33=FMA(t39,t10,t33);
t34=FMA(t39,t11,t34);
t35=FMA(t39,t12,t35);
sum[0]=FMA(t12,t29,FMA(t11,t28,FMA(t10,t27,sum[0])));
V t40=LOAD(w,7);
t36=FMA(t40,t10,t36);
t37=FMA(t40,t11,t37);
t38=FMA(t40,t12,t38);
sum[1]=FMA(t12,t32,FMA(t11,t31,FMA(t10,t30,sum[1])));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t39=LOAD(w,14);
V t40=MUL(t39,t30);
V t41=MUL(t39,t31);
V t42=MUL(t39,t32);
V t43=MUL(K(0),t9);
t19=FMA(t40,t43,t19);
V t44=MUL(K(0),t9);
t20=FMA(t41,t44,t20);
V t45=MUL(K(0),t9);
t21=FMA(t42,t45,t21);
V t46=MUL(t1,t43);
V t47=MUL(t2,t44);
V t48=MUL(t3,t45);
V t49=LOAD(w,14);
t36=FMA(t49,t46,t36);
t37=FMA(t49,t47,t37);
t38=FMA(t49,t48,t38);
sum[2]=FMA(t48,t32,FMA(t47,t31,FMA(t46,t30,sum[2])));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t39=LOAD(w,19);
V t40=LOAD(w,20);
V t41=FMA(t40,t30,MUL(t39,t27));
V t42=FMA(t40,t31,MUL(t39,t28));
V t43=FMA(t40,t32,MUL(t39,t29));
V t44=MUL(K(3),t12);
V t45=MUL(K(3),t10);
t22=FMA(t43,t45,FMA(t41,t44,t22));
V t46=MUL(K(3),t11);
V t47=MUL(K(3),t10);
t23=FMA(t42,t47,FMA(t41,t46,t23));
V t48=MUL(K(2),t10);
V t49=MUL(K(4),t11);
V t50=MUL(K(2),t12);
t24=FMA(t43,t50,FMA(t42,t49,FMA(t41,t48,t24)));
V t51=MUL(K(3),t12);
V t52=MUL(K(3),t11);
t25=FMA(t43,t52,FMA(t42,t51,t25));
V t53=MUL(K(5),t10);
V t54=MUL(K(3),t12);
t26=FMA(t43,t54,FMA(t41,t53,t26));
V t55=FMA(t8,t53,FMA(t6,t48,FMA(t5,t46,MUL(t4,t44))));
V t56=FMA(t7,t51,FMA(t6,t49,MUL(t5,t47)));
V t57=FMA(t8,t54,FMA(t7,t52,FMA(t6,t50,MUL(t4,t45))));
V t58=LOAD(w,19);
t33=FMA(t58,t55,t33);
t34=FMA(t58,t56,t34);
t35=FMA(t58,t57,t35);
sum[3]=FMA(t57,t29,FMA(t56,t28,FMA(t55,t27,sum[3])));
V t59=LOAD(w,20);
t36=FMA(t59,t55,t36);
t37=FMA(t59,t56,t37);
t38=FMA(t59,t57,t38);
sum[4]=FMA(t57,t32,FMA(t56,t31,FMA(t55,t30,sum[4])));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t39=LOAD(w,21);
V t40=LOAD(w,22);
V t41=FMA(t40,t30,MUL(t39,t27));
V t42=FMA(t40,t31,MUL(t39,t28));
V t43=FMA(t40,t32,MUL(t39,t29));
V t44=FNMA(K(6),t17,MUL(K(7),t15));
V t45=MUL(K(6),t14);
V t46=MUL(K(6),t13);
t19=FMA(t43,t46,FMA(t42,t45,FMA(t41,t44,t19)));
V t47=MUL(K(6),t14);
V t48=MUL(K(8),t15);
V t49=MUL(K(6),t16);
t20=FMA(t43,t49,FMA(t42,t48,FMA(t41,t47,t20)));
V t50=MUL(K(6),t13);
V t51=MUL(K(6),t16);
V t52=FMA(K(6),t17,MUL(K(7),t15));
t21=FMA(t43,t52,FMA(t42,t51,FMA(t41,t50,t21)));
V t53=FMA(t3,t50,FMA(t2,t47,MUL(t1,t44)));
V t54=FMA(t3,t51,FMA(t2,t48,MUL(t1,t45)));
V t55=FMA(t3,t52,FMA(t2,t49,MUL(t1,t46)));
V t56=LOAD(w,21);
t33=FMA(t56,t53,t33);
t34=FMA(t56,t54,t34);
t35=FMA(t56,t55,t35);
sum[5]=FMA(t55,t29,FMA(t54,t28,FMA(t53,t27,sum[5])));
V t57=LOAD(w,22);
t36=FMA(t57,t53,t36);
t37=FMA(t57,t54,t37);
t38=FMA(t57,t55,t38);
sum[6]=FMA(t55,t32,FMA(t54,t31,FMA(t53,t30,sum[6])));
}
V t39=t33;
V t40=t34;
V t41=t35;
t18=FMA(t3,t41,FMA(t2,t40,FMA(t1,t39,t18)));
t19=FMA(t0,t39,t19);
t20=FMA(t0,t40,t20);
t21=FMA(t0,t41,t21);
V t42=MUL(K(3),t38);
V t43=MUL(K(3),t37);
V t44=MUL(K(2),t36);
V t45=MUL(K(5),t36);
V t46=MUL(K(3),t36);
V t47=MUL(K(4),t37);
V t48=MUL(K(3),t38);
V t49=MUL(K(3),t36);
V t50=MUL(K(2),t38);
V t51=MUL(K(3),t37);
V t52=MUL(K(3),t38);
t19=FMA(t8,t45,FMA(t6,t44,FMA(t5,t43,FMA(t4,t42,t19))));
t22=FMA(t3,t49,FMA(t1,t42,t22));
t23=FMA(t2,t46,FMA(t1,t43,t23));
t24=FMA(t3,t50,FMA(t2,t47,FMA(t1,t44,t24)));
t26=FMA(t3,t52,FMA(t1,t45,t26));
t20=FMA(t7,t48,FMA(t6,t47,FMA(t5,t46,t20)));
t25=FMA(t3,t51,FMA(t2,t48,t25));
t21=FMA(t8,t52,FMA(t7,t51,FMA(t6,t50,FMA(t4,t49,t21))));
V t53=LOAD(da,0);
V t54=ADD(t53,t18);
STORE(da,0,t54);
V t55=LOAD(da,1);
V t56=ADD(t55,t19);
STORE(da,1,t56);
V t57=LOAD(da,2);
V t58=ADD(t57,t20);
STORE(da,2,t58);
V t59=LOAD(da,3);
V t60=ADD(t59,t21);
STORE(da,3,t60);
V t61=LOAD(da,4);
V t62=ADD(t61,t22);
STORE(da,4,t62);
V t63=LOAD(da,5);
V t64=ADD(t63,t23);
STORE(da,5,t64);
V t65=LOAD(da,6);
V t66=ADD(t65,t24);
STORE(da,6,t66);
V t67=LOAD(da,7);
V t68=ADD(t67,t25);
STORE(da,7,t68);
V t69=LOAD(da,8);
V t70=ADD(t69,t26);
STORE(da,8,t70);
}
};

struct Backward2 {
static constexpr int weights = 5;
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {8, 9, 10, 15, 26};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[5]) {
PROLOGUE;
V t0=LOAD(a,0);
V t1=LOAD(a,1);
V t2=LOAD(a,2);
V t3=LOAD(a,3);
V t4=LOAD(a,4);
V t5=LOAD(a,5);
V t6=LOAD(a,6);
V t7=LOAD(a,7);
V t8=LOAD(a,8);
V t9=LOAD(g,0);
V t10=LOAD(g,1);
V t11=LOAD(g,2);
V t12=LOAD(g,3);
V t13=LOAD(g,4);
V t14=LOAD(g,5);
V t15=LOAD(g,6);
V t16=LOAD(g,7);
V t17=LOAD(g,8);
V t18=ZERO;
V t19=ZERO;
V t20=ZERO;
V t21=ZERO;
V t22=ZERO;
V t23=ZERO;
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
V t27=MUL(t0,t4);
V t28=MUL(t0,t5);
V t29=MUL(t0,t6);
V t30=MUL(t0,t7);
V t31=MUL(t0,t8);
V t32=MUL(t1,MUL(K(10),t3));
V t33=MUL(t1,MUL(K(10),t2));
V t34=FMA(t3,MUL(K(7),t3),FMA(t2,MUL(K(8),t2),MUL(t1,MUL(K(7),t1))));
V t35=MUL(t2,MUL(K(10),t3));
V t36=FMA(t3,MUL(K(6),t3),MUL(t1,MUL(K(9),t1)));
V t37=FMA(t5,MUL(K(12),t7),MUL(t4,MUL(K(11),t6)));
V t38=FMA(t5,FNMA(K(12),t8,MUL(K(13),t6)),MUL(t4,MUL(K(12),t7)));
V t39=FMA(t8,MUL(K(14),t8),FMA(t7,MUL(K(15),t7),FMA(t6,MUL(K(13),t6),FMA(t5,MUL(K(15),t5),MUL(t4,MUL(K(14),t4))))));
V t40=FMA(t7,MUL(K(12),t8),FMA(t6,MUL(K(13),t7),MUL(t4,MUL(K(12),t5))));
V t41=FMA(t7,MUL(K(17),t7),FMA(t6,MUL(K(11),t8),MUL(t5,MUL(K(16),t5))));
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=ZERO;
V t49=ZERO;
V t50=ZERO;
V t51=ZERO;
V t52=ZERO;
V t53=ZERO;
V t54=ZERO;
V t55=ZERO;
V t56=ZERO;
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t57=LOAD(w,8);
t42=FMA(t57,t13,t42);
t43=FMA(t57,t14,t43);
t44=FMA(t57,t15,t44);
t45=FMA(t57,t16,t45);
t46=FMA(t57,t17,t46);
sum[0]=FMA(t17,t31,FMA(t16,t30,FMA(t15,t29,FMA(t14,t28,FMA(t13,t27,sum[0])))));
V t58=LOAD(w,9);
t47=FMA(t58,t13,t47);
t48=FMA(t58,t14,t48);
t49=FMA(t58,t15,t49);
t50=FMA(t58,t16,t50);
t51=FMA(t58,t17,t51);
sum[1]=FMA(t17,t36,FMA(t16,t35,FMA(t15,t34,FMA(t14,t33,FMA(t13,t32,sum[1])))));
V t59=LOAD(w,10);
t52=FMA(t59,t13,t52);
t53=FMA(t59,t14,t53);
t54=FMA(t59,t15,t54);
t55=FMA(t59,t16,t55);
t56=FMA(t59,t17,t56);
sum[2]=FMA(t17,t41,FMA(t16,t40,FMA(t15,t39,FMA(t14,t38,FMA(t13,t37,sum[2])))));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t57=LOAD(w,15);
V t58=MUL(t57,t37);
V t59=MUL(t57,t38);
V t60=MUL(t57,t39);
V t61=MUL(t57,t40);
V t62=MUL(t57,t41);
V t63=MUL(K(1),t9);
t22=FMA(t58,t63,t22);
V t64=MUL(K(1),t9);
t23=FMA(t59,t64,t23);
V t65=MUL(K(1),t9);
t24=FMA(t60,t65,t24);
V t66=MUL(K(1),t9);
t25=FMA(t61,t66,t25);
V t67=MUL(K(1),t9);
t26=FMA(t62,t67,t26);
V t68=MUL(t4,t63);
V t69=MUL(t5,t64);
V t70=MUL(t6,t65);
V t71=MUL(t7,t66);
V t72=MUL(t8,t67);
V t73=LOAD(w,15);
t52=FMA(t73,t68,t52);
t53=FMA(t73,t69,t53);
t54=FMA(t73,t70,t54);
t55=FMA(t73,t71,t55);
t56=FMA(t73,t72,t56);
sum[3]=FMA(t72,t41,FMA(t71,t40,FMA(t70,t39,FMA(t69,t38,FMA(t68,t37,sum[3])))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t57=LOAD(w,26);
V t58=MUL(t57,t27);
V t59=MUL(t57,t28);
V t60=MUL(t57,t29);
V t61=MUL(t57,t30);
V t62=MUL(t57,t31);
V t63=MUL(K(14),t15);
V t64=MUL(K(17),t16);
V t65=MUL(K(14),t13);
V t66=MUL(K(17),t14);
t22=FMA(t61,t66,FMA(t60,t65,FMA(t59,t64,FMA(t58,t63,t22))));
V t67=MUL(K(17),t16);
V t68=FNMA(K(17),t17,MUL(K(15),t15));
V t69=MUL(K(15),t14);
V t70=MUL(K(17),t13);
V t71=MUL(K(16),t14);
t23=FMA(t62,t71,FMA(t61,t70,FMA(t60,t69,FMA(t59,t68,FMA(t58,t67,t23)))));
V t72=MUL(K(14),t13);
V t73=MUL(K(15),t14);
V t74=MUL(K(13),t15);
V t75=MUL(K(15),t16);
V t76=MUL(K(14),t17);
t24=FMA(t62,t76,FMA(t61,t75,FMA(t60,t74,FMA(t59,t73,FMA(t58,t72,t24)))));
V t77=MUL(K(17),t14);
V t78=MUL(K(17),t13);
V t79=MUL(K(15),t16);
V t80=FMA(K(17),t17,MUL(K(15),t15));
V t81=MUL(K(17),t16);
t25=FMA(t62,t81,FMA(t61,t80,FMA(t60,t79,FMA(t59,t78,FMA(t58,t77,t25)))));
V t82=MUL(K(16),t14);
V t83=MUL(K(14),t17);
V t84=MUL(K(17),t16);
V t85=MUL(K(14),t15);
t26=FMA(t62,t85,FMA(t61,t84,FMA(t60,t83,FMA(t59,t82,t26))));
V t86=FMA(t7,t77,FMA(t6,t72,FMA(t5,t67,MUL(t4,t63))));
V t87=FMA(t8,t82,FMA(t7,t78,FMA(t6,t73,FMA(t5,t68,MUL(t4,t64)))));
V t88=FMA(t8,t83,FMA(t7,t79,FMA(t6,t74,FMA(t5,t69,MUL(t4,t65)))));
V t89=FMA(t8,t84,FMA(t7,t80,FMA(t6,t75,FMA(t5,t70,MUL(t4,t66)))));
V t90=FMA(t8,t85,FMA(t7,t81,FMA(t6,t76,MUL(t5,t71))));
V t91=LOAD(w,26);
t42=FMA(t91,t86,t42);
t43=FMA(t91,t87,t43);
t44=FMA(t91,t88,t44);
t45=FMA(t91,t89,t45);
t46=FMA(t91,t90,t46);
sum[4]=FMA(t90,t31,FMA(t89,t30,FMA(t88,t29,FMA(t87,t28,FMA(t86,t27,sum[4])))));
}
V t57=t42;
V t58=t43;
V t59=t44;
V t60=t45;
V t61=t46;
t18=FMA(t8,t61,FMA(t7,t60,FMA(t6,t59,FMA(t5,t58,FMA(t4,t57,t18)))));
t22=FMA(t0,t57,t22);
t23=FMA(t0,t58,t23);
t24=FMA(t0,t59,t24);
t25=FMA(t0,t60,t25);
t26=FMA(t0,t61,t26);
V t62=FNMA(K(10),t51,MUL(K(21),t49));
V t63=MUL(K(10),t48);
V t64=MUL(K(10),t47);
V t65=MUL(K(22),t49);
V t66=MUL(K(10),t50);
V t67=FMA(K(10),t51,MUL(K(21),t49));
t19=FMA(t3,t64,FMA(t2,t63,FMA(t1,t62,t19)));
t20=FMA(t3,t66,FMA(t2,t65,FMA(t1,t63,t20)));
t21=FMA(t3,t67,FMA(t2,t66,FMA(t1,t64,t21)));
V t68=MUL(K(11),t54);
V t69=MUL(K(12),t55);
V t70=MUL(K(11),t52);
V t71=MUL(K(12),t53);
V t72=FNMA(K(12),t56,MUL(K(13),t54));
V t73=MUL(K(13),t53);
V t74=MUL(K(12),t52);
V t75=MUL(K(23),t53);
V t76=MUL(K(24),t54);
V t77=MUL(K(13),t55);
V t78=MUL(K(11),t56);
V t79=FMA(K(12),t56,MUL(K(13),t54));
V t80=MUL(K(12),t55);
V t81=MUL(K(11),t54);
t22=FMA(t7,t71,FMA(t6,t70,FMA(t5,t69,FMA(t4,t68,t22))));
t23=FMA(t8,t75,FMA(t7,t74,FMA(t6,t73,FMA(t5,t72,FMA(t4,t69,t23)))));
t24=FMA(t8,t78,FMA(t7,t77,FMA(t6,t76,FMA(t5,t73,FMA(t4,t70,t24)))));
t25=FMA(t8,t80,FMA(t7,t79,FMA(t6,t77,FMA(t5,t74,FMA(t4,t71,t25)))));
t26=FMA(t8,t81,FMA(t7,t80,FMA(t6,t78,FMA(t5,t75,t26))));
V t82=LOAD(da,0);
V t83=ADD(t82,t18);
STORE(da,0,t83);
V t84=LOAD(da,1);
V t85=ADD(t84,t19);
STORE(da,1,t85);
V t86=LOAD(da,2);
V t87=ADD(t86,t20);
STORE(da,2,t87);
V t88=LOAD(da,3);
V t89=ADD(t88,t21);
STORE(da,3,t89);
V t90=LOAD(da,4);
V t91=ADD(t90,t22);
STORE(da,4,t91);
V t92=LOAD(da,5);
V t93=ADD(t92,t23);
STORE(da,5,t93);
V t94=LOAD(da,6);
V t95=ADD(t94,t24);
STORE(da,6,t95);
V t96=LOAD(da,7);
V t97=ADD(t96,t25);
STORE(da,7,t97);
V t98=LOAD(da,8);
V t99=ADD(t98,t26);
STORE(da,8,t99);
}
};

struct Programs {
  static constexpr int lmax = 2;
  static constexpr __device__ int folded(int order) {
    return order == 1 ? 3 : order == 2 ? 11 : 27;
  }
  using Forward = lmax2::Forward;
  using Backward = List<Backward0, Backward1, Backward2>;
};

}  // namespace lmax2

FL_DEFINE_CONTRACTION(lmax2::Programs, float)
FL_DEFINE_CONTRACTION(lmax2::Programs, double)

}  // namespace fl
