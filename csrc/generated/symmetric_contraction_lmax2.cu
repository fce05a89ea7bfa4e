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
t9=t9+t18*t0;
}
if (OUTPUTS>>1&1) {
V t18=LOAD(w,1);
t10=t10+t18*t1;
t11=t11+t18*t2;
t12=t12+t18*t3;
}
if (OUTPUTS>>2&1) {
V t18=LOAD(w,2);
t13=t13+t18*t4;
t14=t14+t18*t5;
t15=t15+t18*t6;
t16=t16+t18*t7;
t17=t17+t18*t8;
}
// l12 = 0
V t18=t0*t0;
V t19=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t20=t4*(K[1]*t4)+t5*(K[1]*t5)+t6*(K[1]*t6)+t7*(K[1]*t7)+t8*(K[1]*t8);
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t21=LOAD(w,3);
V t22=LOAD(w,4);
V t23=LOAD(w,5);
t9=t9+t21*t18+t22*t19+t23*t20;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t21=LOAD(w,11);
V t22=LOAD(w,12);
V t23=LOAD(w,13);
V t24=t21*t18+t22*t19+t23*t20;
t9=t9+t0*t24;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t21=LOAD(w,16);
V t22=LOAD(w,17);
V t23=LOAD(w,18);
V t24=t21*t18+t22*t19+t23*t20;
t10=t10+t1*t24;
t11=t11+t2*t24;
t12=t12+t3*t24;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t21=LOAD(w,23);
V t22=LOAD(w,24);
V t23=LOAD(w,25);
V t24=t21*t18+t22*t19+t23*t20;
t13=t13+t4*t24;
t14=t14+t5*t24;
t15=t15+t6*t24;
t16=t16+t7*t24;
t17=t17+t8*t24;
}
// l12 = 1
V t21=t0*t1;
V t22=t0*t2;
V t23=t0*t3;
V t24=t1*(K[2]*t6-K[3]*t8)+t2*(K[3]*t5)+t3*(K[3]*t4);
V t25=t1*(K[3]*t5)+t2*(K[4]*t6)+t3*(K[3]*t7);
V t26=t1*(K[3]*t4)+t2*(K[3]*t7)+t3*(K[2]*t6+K[3]*t8);
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t27=LOAD(w,6);
V t28=LOAD(w,7);
t10=t10+t27*t21+t28*t24;
t11=t11+t27*t22+t28*t25;
t12=t12+t27*t23+t28*t26;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t27=LOAD(w,14);
V t28=t27*t24;
V t29=t27*t25;
V t30=t27*t26;
t9=t9+t1*(K[0]*t28)+t2*(K[0]*t29)+t3*(K[0]*t30);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t27=LOAD(w,19);
V t28=LOAD(w,20);
V t29=t27*t21+t28*t24;
V t30=t27*t22+t28*t25;
V t31=t27*t23+t28*t26;
t10=t10+t4*(K[3]*t31)+t5*(K[3]*t30)+t6*(K[2]*t29)+t8*(K[5]*t29);
t11=t11+t5*(K[3]*t29)+t6*(K[4]*t30)+t7*(K[3]*t31);
t12=t12+t4*(K[3]*t29)+t6*(K[2]*t31)+t7*(K[3]*t30)+t8*(K[3]*t31);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t27=LOAD(w,21);
V t28=LOAD(w,22);
V t29=t27*t21+t28*t24;
V t30=t27*t22+t28*t25;
V t31=t27*t23+t28*t26;
t13=t13+t1*(K[6]*t31)+t3*(K[6]*t29);
t14=t14+t1*(K[6]*t30)+t2*(K[6]*t29);
t15=t15+t1*(K[7]*t29)+t2*(K[8]*t30)+t3*(K[7]*t31);
t16=t16+t2*(K[6]*t31)+t3*(K[6]*t30);
t17=t17+t1*(K[9]*t29)+t3*(K[6]*t31);
}
// l12 = 2
V t27=t0*t4;
V t28=t0*t5;
V t29=t0*t6;
V t30=t0*t7;
V t31=t0*t8;
V t32=t1*(K[10]*t3);
V t33=t1*(K[10]*t2);
V t34=t1*(K[7]*t1)+t2*(K[8]*t2)+t3*(K[7]*t3);
V t35=t2*(K[10]*t3);
V t36=t1*(K[9]*t1)+t3*(K[6]*t3);
V t37=t4*(K[11]*t6)+t5*(K[12]*t7);
V t38=t4*(K[12]*t7)+t5*(K[13]*t6-K[12]*t8);
V t39=t4*(K[14]*t4)+t5*(K[15]*t5)+t6*(K[13]*t6)+t7*(K[15]*t7)+t8*(K[14]*t8);
V t40=t4*(K[12]*t5)+t6*(K[13]*t7)+t7*(K[12]*t8);
V t41=t5*(K[16]*t5)+t6*(K[11]*t8)+t7*(K[17]*t7);
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t42=LOAD(w,8);
V t43=LOAD(w,9);
V t44=LOAD(w,10);
t13=t13+t42*t27+t43*t32+t44*t37;
t14=t14+t42*t28+t43*t33+t44*t38;
t15=t15+t42*t29+t43*t34+t44*t39;
t16=t16+t42*t30+t43*t35+t44*t40;
t17=t17+t42*t31+t43*t36+t44*t41;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t42=LOAD(w,15);
V t43=t42*t37;
V t44=t42*t38;
V t45=t42*t39;
V t46=t42*t40;
V t47=t42*t41;
t9=t9+t4*(K[1]*t43)+t5*(K[1]*t44)+t6*(K[1]*t45)+t7*(K[1]*t46)+t8*(K[1]*t47);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t42=LOAD(w,26);
V t43=t42*t27;
V t44=t42*t28;
V t45=t42*t29;
V t46=t42*t30;
V t47=t42*t31;
t13=t13+t4*(K[14]*t45)+t5*(K[17]*t46)+t6*(K[14]*t43)+t7*(K[17]*t44);
t14=t14+t4*(K[17]*t46)+t5*(K[15]*t45-K[17]*t47)+t6*(K[15]*t44)+t7*(K[17]*t43)+t8*(K[16]*t44);
t15=t15+t4*(K[14]*t43)+t5*(K[15]*t44)+t6*(K[13]*t45)+t7*(K[15]*t46)+t8*(K[14]*t47);
t16=t16+t4*(K[17]*t44)+t5*(K[17]*t43)+t6*(K[15]*t46)+t7*(K[15]*t45+K[17]*t47)+t8*(K[17]*t46);
t17=t17+t5*(K[16]*t44)+t6*(K[14]*t47)+t7*(K[17]*t46)+t8*(K[14]*t45);
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
t18=t18+t27*t9;
sum[0]=sum[0]+t0*t9;
}
if (OUTPUTS>>1&1) {
V t27=LOAD(w,1);
t19=t19+t27*t10;
t20=t20+t27*t11;
t21=t21+t27*t12;
sum[1]=sum[1]+t1*t10+t2*t11+t3*t12;
}
if (OUTPUTS>>2&1) {
V t27=LOAD(w,2);
t22=t22+t27*t13;
t23=t23+t27*t14;
t24=t24+t27*t15;
t25=t25+t27*t16;
t26=t26+t27*t17;
sum[2]=sum[2]+t4*t13+t5*t14+t6*t15+t7*t16+t8*t17;
}
V t27=t0*t0;
V t28=t1*(K[0]*t1)+t2*(K[0]*t2)+t3*(K[0]*t3);
V t29=t4*(K[1]*t4)+t5*(K[1]*t5)+t6*(K[1]*t6)+t7*(K[1]*t7)+t8*(K[1]*t8);
V t30=ZERO;
V t31=ZERO;
V t32=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t33=LOAD(w,3);
t30=t30+t33*t9;
sum[3]=sum[3]+t9*t27;
V t34=LOAD(w,4);
t31=t31+t34*t9;
sum[4]=sum[4]+t9*t28;
V t35=LOAD(w,5);
t32=t32+t35*t9;
sum[5]=sum[5]+t9*t29;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t33=LOAD(w,11);
V t34=LOAD(w,12);
V t35=LOAD(w,13);
V t36=t33*t27+t34*t28+t35*t29;
V t37=t9;
t18=t18+t36*t37;
V t38=t0*t37;
V t39=LOAD(w,11);
t30=t30+t39*t38;
sum[6]=sum[6]+t38*t27;
V t40=LOAD(w,12);
t31=t31+t40*t38;
sum[7]=sum[7]+t38*t28;
V t41=LOAD(w,13);
t32=t32+t41*t38;
sum[8]=sum[8]+t38*t29;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t33=LOAD(w,16);
V t34=LOAD(w,17);
V t35=LOAD(w,18);
V t36=t33*t27+t34*t28+t35*t29;
V t37=t10;
t19=t19+t36*t37;
V t38=t11;
t20=t20+t36*t38;
V t39=t12;
t21=t21+t36*t39;
V t40=t1*t37+t2*t38+t3*t39;
V t41=LOAD(w,16);
t30=t30+t41*t40;
sum[9]=sum[9]+t40*t27;
V t42=LOAD(w,17);
t31=t31+t42*t40;
sum[10]=sum[10]+t40*t28;
V t43=LOAD(w,18);
t32=t32+t43*t40;
sum[11]=sum[11]+t40*t29;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t33=LOAD(w,23);
V t34=LOAD(w,24);
V t35=LOAD(w,25);
V t36=t33*t27+t34*t28+t35*t29;
V t37=t13;
t22=t22+t36*t37;
V t38=t14;
t23=t23+t36*t38;
V t39=t15;
t24=t24+t36*t39;
V t40=t16;
t25=t25+t36*t40;
V t41=t17;
t26=t26+t36*t41;
V t42=t4*t37+t5*t38+t6*t39+t7*t40+t8*t41;
V t43=LOAD(w,23);
t30=t30+t43*t42;
sum[12]=sum[12]+t42*t27;
V t44=LOAD(w,24);
t31=t31+t44*t42;
sum[13]=sum[13]+t42*t28;
V t45=LOAD(w,25);
t32=t32+t45*t42;
sum[14]=sum[14]+t42*t29;
}
V t33=K[18]*t30;
t18=t18+t0*t33;
V t34=K[19]*t31;
V t35=K[19]*t31;
V t36=K[19]*t31;
t19=t19+t1*t34;
t20=t20+t2*t35;
t21=t21+t3*t36;
V t37=K[20]*t32;
V t38=K[20]*t32;
V t39=K[20]*t32;
V t40=K[20]*t32;
V t41=K[20]*t32;
t22=t22+t4*t37;
t23=t23+t5*t38;
t24=t24+t6*t39;
t25=t25+t7*t40;
t26=t26+t8*t41;
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
V t27=t0*t1;
V t28=t0*t2;
V t29=t0*t3;
V t30=t1*(K[2]*t6-K[3]*t8)+t2*(K[3]*t5)+t3*(K[3]*t4);
V t31=t1*(K[3]*t5)+t2*(K[4]*t6)+t3*(K[3]*t7);
V t32=t1*(K[3]*t4)+t2*(K[3]*t7)+t3*(K[2]*t6+K[3]*t8);
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t39=LOAD(w,6);
t33=t33+t39*t10;
t34=t34+t39*t11;
t35=t35+t39*t12;
sum[0]=sum[0]+t10*t27+t11*t28+t12*t29;
V t40=LOAD(w,7);
t36=t36+t40*t10;
t37=t37+t40*t11;
t38=t38+t40*t12;
sum[1]=sum[1]+t10*t30+t11*t31+t12*t32;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t39=LOAD(w,14);
V t40=t39*t30;
V t41=t39*t31;
V t42=t39*t32;
V t43=K[0]*t9;
t19=t19+t40*t43;
V t44=K[0]*t9;
t20=t20+t41*t44;
V t45=K[0]*t9;
t21=t21+t42*t45;
V t46=t1*t43;
V t47=t2*t44;
V t48=t3*t45;
V t49=LOAD(w,14);
t36=t36+t49*t46;
t37=t37+t49*t47;
t38=t38+t49*t48;
sum[2]=sum[2]+t46*t30+t47*t31+t48*t32;
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t39=LOAD(w,19);
V t40=LOAD(w,20);
V t41=t39*t27+t40*t30;
V t42=t39*t28+t40*t31;
V t43=t39*t29+t40*t32;
V t44=K[3]*t12;
V t45=K[3]*t10;
t22=t22+t41*t44+t43*t45;
V t46=K[3]*t11;
V t47=K[3]*t10;
t23=t23+t41*t46+t42*t47;
V t48=K[2]*t10;
V t49=K[4]*t11;
V t50=K[2]*t12;
t24=t24+t41*t48+t42*t49+t43*t50;
V t51=K[3]*t12;
V t52=K[3]*t11;
t25=t25+t42*t51+t43*t52;
V t53=K[5]*t10;
V t54=K[3]*t12;
t26=t26+t41*t53+t43*t54;
V t55=t4*t44+t5*t46+t6*t48+t8*t53;
V t56=t5*t47+t6*t49+t7*t51;
V t57=t4*t45+t6*t50+t7*t52+t8*t54;
V t58=LOAD(w,19);
t33=t33+t58*t55;
t34=t34+t58*t56;
t35=t35+t58*t57;
sum[3]=sum[3]+t55*t27+t56*t28+t57*t29;
V t59=LOAD(w,20);
t36=t36+t59*t55;
t37=t37+t59*t56;
t38=t38+t59*t57;
sum[4]=sum[4]+t55*t30+t56*t31+t57*t32;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t39=LOAD(w,21);
V t40=LOAD(w,22);
V t41=t39*t27+t40*t30;
V t42=t39*t28+t40*t31;
V t43=t39*t29+t40*t32;
V t44=K[7]*t15-K[6]*t17;
V t45=K[6]*t14;
V t46=K[6]*t13;
t19=t19+t41*t44+t42*t45+t43*t46;
V t47=K[6]*t14;
V t48=K[8]*t15;
V t49=K[6]*t16;
t20=t20+t41*t47+t42*t48+t43*t49;
V t50=K[6]*t13;
V t51=K[6]*t16;
V t52=K[7]*t15+K[6]*t17;
t21=t21+t41*t50+t42*t51+t43*t52;
V t53=t1*t44+t2*t47+t3*t50;
V t54=t1*t45+t2*t48+t3*t51;
V t55=t1*t46+t2*t49+t3*t52;
V t56=LOAD(w,21);
t33=t33+t56*t53;
t34=t34+t56*t54;
t35=t35+t56*t55;
sum[5]=sum[5]+t53*t27+t54*t28+t55*t29;
V t57=LOAD(w,22);
t36=t36+t57*t53;
t37=t37+t57*t54;
t38=t38+t57*t55;
sum[6]=sum[6]+t53*t30+t54*t31+t55*t32;
}
V t39=t33;
V t40=t34;
V t41=t35;
t18=t18+t1*t39+t2*t40+t3*t41;
t19=t19+t0*t39;
t20=t20+t0*t40;
t21=t21+t0*t41;
V t42=K[3]*t38;
V t43=K[3]*t37;
V t44=K[2]*t36;
V t45=K[5]*t36;
V t46=K[3]*t36;
V t47=K[4]*t37;
V t48=K[3]*t38;
V t49=K[3]*t36;
V t50=K[2]*t38;
V t51=K[3]*t37;
V t52=K[3]*t38;
t19=t19+t4*t42+t5*t43+t6*t44+t8*t45;
t22=t22+t1*t42+t3*t49;
t23=t23+t1*t43+t2*t46;
t24=t24+t1*t44+t2*t47+t3*t50;
t26=t26+t1*t45+t3*t52;
t20=t20+t5*t46+t6*t47+t7*t48;
t25=t25+t2*t48+t3*t51;
t21=t21+t4*t49+t6*t50+t7*t51+t8*t52;
V t53=LOAD(da,0);
V t54=t53+t18;
STORE(da,0,t54);
V t55=LOAD(da,1);
V t56=t55+t19;
STORE(da,1,t56);
V t57=LOAD(da,2);
V t58=t57+t20;
STORE(da,2,t58);
V t59=LOAD(da,3);
V t60=t59+t21;
STORE(da,3,t60);
V t61=LOAD(da,4);
V t62=t61+t22;
STORE(da,4,t62);
V t63=LOAD(da,5);
V t64=t63+t23;
STORE(da,5,t64);
V t65=LOAD(da,6);
V t66=t65+t24;
STORE(da,6,t66);
V t67=LOAD(da,7);
V t68=t67+t25;
STORE(da,7,t68);
V t69=LOAD(da,8);
V t70=t69+t26;
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
V t27=t0*t4;
V t28=t0*t5;
V t29=t0*t6;
V t30=t0*t7;
V t31=t0*t8;
V t32=t1*(K[10]*t3);
V t33=t1*(K[10]*t2);
V t34=t1*(K[7]*t1)+t2*(K[8]*t2)+t3*(K[7]*t3);
V t35=t2*(K[10]*t3);
V t36=t1*(K[9]*t1)+t3*(K[6]*t3);
V t37=t4*(K[11]*t6)+t5*(K[12]*t7);
V t38=t4*(K[12]*t7)+t5*(K[13]*t6-K[12]*t8);
V t39=t4*(K[14]*t4)+t5*(K[15]*t5)+t6*(K[13]*t6)+t7*(K[15]*t7)+t8*(K[14]*t8);
V t40=t4*(K[12]*t5)+t6*(K[13]*t7)+t7*(K[12]*t8);
V t41=t5*(K[16]*t5)+t6*(K[11]*t8)+t7*(K[17]*t7);
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
t42=t42+t57*t13;
t43=t43+t57*t14;
t44=t44+t57*t15;
t45=t45+t57*t16;
t46=t46+t57*t17;
sum[0]=sum[0]+t13*t27+t14*t28+t15*t29+t16*t30+t17*t31;
V t58=LOAD(w,9);
t47=t47+t58*t13;
t48=t48+t58*t14;
t49=t49+t58*t15;
t50=t50+t58*t16;
t51=t51+t58*t17;
sum[1]=sum[1]+t13*t32+t14*t33+t15*t34+t16*t35+t17*t36;
V t59=LOAD(w,10);
t52=t52+t59*t13;
t53=t53+t59*t14;
t54=t54+t59*t15;
t55=t55+t59*t16;
t56=t56+t59*t17;
sum[2]=sum[2]+t13*t37+t14*t38+t15*t39+t16*t40+t17*t41;
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t57=LOAD(w,15);
V t58=t57*t37;
V t59=t57*t38;
V t60=t57*t39;
V t61=t57*t40;
V t62=t57*t41;
V t63=K[1]*t9;
t22=t22+t58*t63;
V t64=K[1]*t9;
t23=t23+t59*t64;
V t65=K[1]*t9;
t24=t24+t60*t65;
V t66=K[1]*t9;
t25=t25+t61*t66;
V t67=K[1]*t9;
t26=t26+t62*t67;
V t68=t4*t63;
V t69=t5*t64;
V t70=t6*t65;
V t71=t7*t66;
V t72=t8*t67;
V t73=LOAD(w,15);
t52=t52+t73*t68;
t53=t53+t73*t69;
t54=t54+t73*t70;
t55=t55+t73*t71;
t56=t56+t73*t72;
sum[3]=sum[3]+t68*t37+t69*t38+t70*t39+t71*t40+t72*t41;
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t57=LOAD(w,26);
V t58=t57*t27;
V t59=t57*t28;
V t60=t57*t29;
V t61=t57*t30;
V t62=t57*t31;
V t63=K[14]*t15;
V t64=K[17]*t16;
V t65=K[14]*t13;
V t66=K[17]*t14;
t22=t22+t58*t63+t59*t64+t60*t65+t61*t66;
V t67=K[17]*t16;
V t68=K[15]*t15-K[17]*t17;
V t69=K[15]*t14;
V t70=K[17]*t13;
V t71=K[16]*t14;
t23=t23+t58*t67+t59*t68+t60*t69+t61*t70+t62*t71;
V t72=K[14]*t13;
V t73=K[15]*t14;
V t74=K[13]*t15;
V t75=K[15]*t16;
V t76=K[14]*t17;
t24=t24+t58*t72+t59*t73+t60*t74+t61*t75+t62*t76;
V t77=K[17]*t14;
V t78=K[17]*t13;
V t79=K[15]*t16;
V t80=K[15]*t15+K[17]*t17;
V t81=K[17]*t16;
t25=t25+t58*t77+t59*t78+t60*t79+t61*t80+t62*t81;
V t82=K[16]*t14;
V t83=K[14]*t17;
V t84=K[17]*t16;
V t85=K[14]*t15;
t26=t26+t59*t82+t60*t83+t61*t84+t62*t85;
V t86=t4*t63+t5*t67+t6*t72+t7*t77;
V t87=t4*t64+t5*t68+t6*t73+t7*t78+t8*t82;
V t88=t4*t65+t5*t69+t6*t74+t7*t79+t8*t83;
V t89=t4*t66+t5*t70+t6*t75+t7*t80+t8*t84;
V t90=t5*t71+t6*t76+t7*t81+t8*t85;
V t91=LOAD(w,26);
t42=t42+t91*t86;
t43=t43+t91*t87;
t44=t44+t91*t88;
t45=t45+t91*t89;
t46=t46+t91*t90;
sum[4]=sum[4]+t86*t27+t87*t28+t88*t29+t89*t30+t90*t31;
}
V t57=t42;
V t58=t43;
V t59=t44;
V t60=t45;
V t61=t46;
t18=t18+t4*t57+t5*t58+t6*t59+t7*t60+t8*t61;
t22=t22+t0*t57;
t23=t23+t0*t58;
t24=t24+t0*t59;
t25=t25+t0*t60;
t26=t26+t0*t61;
V t62=K[21]*t49-K[10]*t51;
V t63=K[10]*t48;
V t64=K[10]*t47;
V t65=K[22]*t49;
V t66=K[10]*t50;
V t67=K[21]*t49+K[10]*t51;
t19=t19+t1*t62+t2*t63+t3*t64;
t20=t20+t1*t63+t2*t65+t3*t66;
t21=t21+t1*t64+t2*t66+t3*t67;
V t68=K[11]*t54;
V t69=K[12]*t55;
V t70=K[11]*t52;
V t71=K[12]*t53;
V t72=K[13]*t54-K[12]*t56;
V t73=K[13]*t53;
V t74=K[12]*t52;
V t75=K[23]*t53;
V t76=K[24]*t54;
V t77=K[13]*t55;
V t78=K[11]*t56;
V t79=K[13]*t54+K[12]*t56;
V t80=K[12]*t55;
V t81=K[11]*t54;
t22=t22+t4*t68+t5*t69+t6*t70+t7*t71;
t23=t23+t4*t69+t5*t72+t6*t73+t7*t74+t8*t75;
t24=t24+t4*t70+t5*t73+t6*t76+t7*t77+t8*t78;
t25=t25+t4*t71+t5*t74+t6*t77+t7*t79+t8*t80;
t26=t26+t5*t75+t6*t78+t7*t80+t8*t81;
V t82=LOAD(da,0);
V t83=t82+t18;
STORE(da,0,t83);
V t84=LOAD(da,1);
V t85=t84+t19;
STORE(da,1,t85);
V t86=LOAD(da,2);
V t87=t86+t20;
STORE(da,2,t87);
V t88=LOAD(da,3);
V t89=t88+t21;
STORE(da,3,t89);
V t90=LOAD(da,4);
V t91=t90+t22;
STORE(da,4,t91);
V t92=LOAD(da,5);
V t93=t92+t23;
STORE(da,5,t93);
V t94=LOAD(da,6);
V t95=t94+t24;
STORE(da,6,t95);
V t96=LOAD(da,7);
V t97=t96+t25;
STORE(da,7,t97);
V t98=LOAD(da,8);
V t99=t98+t26;
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
