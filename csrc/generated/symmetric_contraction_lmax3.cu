// Written by codegen/symmetric_contraction_gpu.py, which says what it computes: lmax = 3.
#include "../cuda/straight_line.h"
#include "../cuda/symmetric_contraction_kernels.h"

#define ROW_a row
#define ROW_g row
#define ROW_o row
#define ROW_da row
#define ROW_w weight_lanes

namespace fl {
namespace lmax3 {

template <class T>
__device__ constexpr T constants[] = {
    T(0.5773502691896257),
    T(0.4472135954999579),
    T(0.3779644730092272),
    T(-0.31622776601683794),
    T(0.5477225575051661),
    T(0.6324555320336759),
    T(-0.11952286093343936),
    T(0.4629100498862757),
    T(-0.29277002188455997),
    T(0.4140393356054125),
    T(0.11952286093343936),
    T(0.47809144373375745),
    T(0.50709255283711),
    T(-0.5477225575051661),
    T(0.7071067811865475),
    T(-0.408248290463863),
    T(0.816496580927726),
    T(-0.7071067811865475),
    T(0.5976143046671968),
    T(0.4879500364742666),
    T(-0.1543033499620919),
    T(-0.5976143046671968),
    T(0.6172133998483676),
    T(-0.3779644730092272),
    T(-0.4879500364742666),
    T(0.5345224838248488),
    T(0.6546536707079771),
    T(0.1543033499620919),
    T(-0.18257418583505536),
    T(0.7302967433402214),
    T(0.18257418583505536),
    T(-0.4472135954999579),
    T(0.7745966692414834),
    T(-0.5773502691896257),
    T(1.414213562373095),
    T(-1.0690449676496976),
    T(0.9258200997725514),
    T(-0.5345224838248488),
    T(0.2672612419124244),
    T(-0.4629100498862757),
    T(-0.9759000729485332),
    T(0.7559289460184544),
    T(0.7715167498104596),
    T(0.3086066999241838),
    T(-0.5455447255899809),
    T(0.32732683535398854),
    T(0.4364357804719847),
    T(-0.6454972243679028),
    T(0.45643546458763845),
    T(-0.28867513459481287),
    T(0.35355339059327373),
    T(-0.45643546458763845),
    T(0.3872983346207417),
    T(-0.35355339059327373),
    T(0.28867513459481287),
    T(0.5163977794943222),
    T(2.0),
    T(1.1547005383792515),
    T(0.8944271909999159),
    T(-0.816496580927726),
    T(1.632993161855452),
    T(-0.9258200997725514),
    T(1.0690449676496976),
    T(-1.0910894511799618),
    T(-0.7715167498104596),
    T(0.8728715609439694),
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=ZERO;
V t17=ZERO;
V t18=ZERO;
V t19=ZERO;
V t20=ZERO;
V t21=ZERO;
V t22=ZERO;
V t23=ZERO;
V t24=ZERO;
V t25=ZERO;
V t26=ZERO;
V t27=ZERO;
V t28=ZERO;
V t29=ZERO;
V t30=ZERO;
V t31=ZERO;
if (OUTPUTS>>0&1) {
V t32=LOAD(w,0);
t16=FMA(t32,t0,t16);
}
if (OUTPUTS>>1&1) {
V t32=LOAD(w,1);
t17=FMA(t32,t1,t17);
t18=FMA(t32,t2,t18);
t19=FMA(t32,t3,t19);
}
if (OUTPUTS>>2&1) {
V t32=LOAD(w,2);
t20=FMA(t32,t4,t20);
t21=FMA(t32,t5,t21);
t22=FMA(t32,t6,t22);
t23=FMA(t32,t7,t23);
t24=FMA(t32,t8,t24);
}
if (OUTPUTS>>3&1) {
V t32=LOAD(w,3);
t25=FMA(t32,t9,t25);
t26=FMA(t32,t10,t26);
t27=FMA(t32,t11,t27);
t28=FMA(t32,t12,t28);
t29=FMA(t32,t13,t29);
t30=FMA(t32,t14,t30);
t31=FMA(t32,t15,t31);
}
// l12 = 0
V t32=MUL(t0,t0);
V t33=FMA(t3,MUL(K(0),t3),FMA(t2,MUL(K(0),t2),MUL(t1,MUL(K(0),t1))));
V t34=FMA(t8,MUL(K(1),t8),FMA(t7,MUL(K(1),t7),FMA(t6,MUL(K(1),t6),FMA(t5,MUL(K(1),t5),MUL(t4,MUL(K(1),t4))))));
V t35=FMA(t15,MUL(K(2),t15),FMA(t14,MUL(K(2),t14),FMA(t13,MUL(K(2),t13),FMA(t12,MUL(K(2),t12),FMA(t11,MUL(K(2),t11),FMA(t10,MUL(K(2),t10),MUL(t9,MUL(K(2),t9))))))));
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t36=LOAD(w,4);
V t37=LOAD(w,5);
V t38=LOAD(w,6);
V t39=LOAD(w,7);
t16=FMA(t39,t35,FMA(t38,t34,FMA(t37,t33,FMA(t36,t32,t16))));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t36=LOAD(w,19);
V t37=LOAD(w,20);
V t38=LOAD(w,21);
V t39=LOAD(w,22);
V t40=FMA(t39,t35,FMA(t38,t34,FMA(t37,t33,MUL(t36,t32))));
t16=FMA(t0,t40,t16);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t36=LOAD(w,28);
V t37=LOAD(w,29);
V t38=LOAD(w,30);
V t39=LOAD(w,31);
V t40=FMA(t39,t35,FMA(t38,t34,FMA(t37,t33,MUL(t36,t32))));
t17=FMA(t1,t40,t17);
t18=FMA(t2,t40,t18);
t19=FMA(t3,t40,t19);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t36=LOAD(w,43);
V t37=LOAD(w,44);
V t38=LOAD(w,45);
V t39=LOAD(w,46);
V t40=FMA(t39,t35,FMA(t38,t34,FMA(t37,t33,MUL(t36,t32))));
t20=FMA(t4,t40,t20);
t21=FMA(t5,t40,t21);
t22=FMA(t6,t40,t22);
t23=FMA(t7,t40,t23);
t24=FMA(t8,t40,t24);
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t36=LOAD(w,59);
V t37=LOAD(w,60);
V t38=LOAD(w,61);
V t39=LOAD(w,62);
V t40=FMA(t39,t35,FMA(t38,t34,FMA(t37,t33,MUL(t36,t32))));
t25=FMA(t9,t40,t25);
t26=FMA(t10,t40,t26);
t27=FMA(t11,t40,t27);
t28=FMA(t12,t40,t28);
t29=FMA(t13,t40,t29);
t30=FMA(t14,t40,t30);
t31=FMA(t15,t40,t31);
}
// l12 = 1
V t36=MUL(t0,t1);
V t37=MUL(t0,t2);
V t38=MUL(t0,t3);
V t39=FMA(t3,MUL(K(4),t4),FMA(t2,MUL(K(4),t5),MUL(t1,FNMA(K(4),t8,MUL(K(3),t6)))));
V t40=FMA(t3,MUL(K(4),t7),FMA(t2,MUL(K(5),t6),MUL(t1,MUL(K(4),t5))));
V t41=FMA(t3,FMA(K(4),t8,MUL(K(3),t6)),FMA(t2,MUL(K(4),t7),MUL(t1,MUL(K(4),t4))));
V t42=FMA(t8,FMA(K(10),t11,MUL(K(7),t9)),FMA(t7,MUL(K(2),t10),FMA(t6,MUL(K(9),t11),FMA(t5,FNMA(K(2),t14,MUL(K(8),t12)),MUL(t4,FNMA(K(7),t15,MUL(K(6),t13)))))));
V t43=FMA(t8,MUL(K(2),t14),FMA(t7,MUL(K(11),t13),FMA(t6,MUL(K(12),t12),FMA(t5,MUL(K(11),t11),MUL(t4,MUL(K(2),t10))))));
V t44=FMA(t8,FMA(K(7),t15,MUL(K(6),t13)),FMA(t7,FMA(K(2),t14,MUL(K(8),t12)),FMA(t6,MUL(K(9),t13),FMA(t5,MUL(K(2),t10),MUL(t4,FNMA(K(10),t11,MUL(K(7),t9)))))));
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t45=LOAD(w,8);
V t46=LOAD(w,9);
V t47=LOAD(w,10);
t17=FMA(t47,t42,FMA(t46,t39,FMA(t45,t36,t17)));
t18=FMA(t47,t43,FMA(t46,t40,FMA(t45,t37,t18)));
t19=FMA(t47,t44,FMA(t46,t41,FMA(t45,t38,t19)));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t45=LOAD(w,23);
V t46=LOAD(w,24);
V t47=FMA(t46,t42,MUL(t45,t39));
V t48=FMA(t46,t43,MUL(t45,t40));
V t49=FMA(t46,t44,MUL(t45,t41));
t16=FMA(t3,MUL(K(0),t49),FMA(t2,MUL(K(0),t48),FMA(t1,MUL(K(0),t47),t16)));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t45=LOAD(w,27);
V t46=MUL(t45,t42);
V t47=MUL(t45,t43);
V t48=MUL(t45,t44);
t17=FMA(t0,t46,t17);
t18=FMA(t0,t47,t18);
t19=FMA(t0,t48,t19);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t45=LOAD(w,32);
V t46=LOAD(w,33);
V t47=LOAD(w,34);
V t48=FMA(t47,t42,FMA(t46,t39,MUL(t45,t36)));
V t49=FMA(t47,t43,FMA(t46,t40,MUL(t45,t37)));
V t50=FMA(t47,t44,FMA(t46,t41,MUL(t45,t38)));
t17=FMA(t8,MUL(K(13),t48),FMA(t6,MUL(K(3),t48),FMA(t5,MUL(K(4),t49),FMA(t4,MUL(K(4),t50),t17))));
t18=FMA(t7,MUL(K(4),t50),FMA(t6,MUL(K(5),t49),FMA(t5,MUL(K(4),t48),t18)));
t19=FMA(t8,MUL(K(4),t50),FMA(t7,MUL(K(4),t49),FMA(t6,MUL(K(3),t50),FMA(t4,MUL(K(4),t48),t19))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t45=LOAD(w,40);
V t46=LOAD(w,41);
V t47=LOAD(w,42);
V t48=FMA(t47,t42,FMA(t46,t39,MUL(t45,t36)));
V t49=FMA(t47,t43,FMA(t46,t40,MUL(t45,t37)));
V t50=FMA(t47,t44,FMA(t46,t41,MUL(t45,t38)));
t20=FMA(t3,MUL(K(14),t48),FMA(t1,MUL(K(14),t50),t20));
t21=FMA(t2,MUL(K(14),t48),FMA(t1,MUL(K(14),t49),t21));
t22=FMA(t3,MUL(K(15),t50),FMA(t2,MUL(K(16),t49),FMA(t1,MUL(K(15),t48),t22)));
t23=FMA(t3,MUL(K(14),t49),FMA(t2,MUL(K(14),t50),t23));
t24=FMA(t3,MUL(K(14),t50),FMA(t1,MUL(K(17),t48),t24));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t45=LOAD(w,50);
V t46=LOAD(w,51);
V t47=LOAD(w,52);
V t48=FMA(t47,t42,FMA(t46,t39,MUL(t45,t36)));
V t49=FMA(t47,t43,FMA(t46,t40,MUL(t45,t37)));
V t50=FMA(t47,t44,FMA(t46,t41,MUL(t45,t38)));
t20=FMA(t15,MUL(K(21),t48),FMA(t13,MUL(K(20),t48),FMA(t11,MUL(K(20),t50),FMA(t10,MUL(K(19),t49),FMA(t9,MUL(K(18),t50),t20)))));
t21=FMA(t14,MUL(K(24),t48),FMA(t12,MUL(K(23),t48),FMA(t11,MUL(K(22),t49),FMA(t10,MUL(K(19),t50),t21))));
t22=FMA(t13,MUL(K(25),t50),FMA(t12,MUL(K(26),t49),FMA(t11,MUL(K(25),t48),t22)));
t23=FMA(t14,MUL(K(19),t50),FMA(t13,MUL(K(22),t49),FMA(t12,MUL(K(23),t50),FMA(t10,MUL(K(19),t48),t23))));
t24=FMA(t15,MUL(K(18),t50),FMA(t14,MUL(K(19),t49),FMA(t13,MUL(K(20),t50),FMA(t11,MUL(K(27),t48),FMA(t9,MUL(K(18),t48),t24)))));
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t45=LOAD(w,56);
V t46=LOAD(w,57);
V t47=LOAD(w,58);
V t48=FMA(t47,t42,FMA(t46,t39,MUL(t45,t36)));
V t49=FMA(t47,t43,FMA(t46,t40,MUL(t45,t37)));
V t50=FMA(t47,t44,FMA(t46,t41,MUL(t45,t38)));
t25=FMA(t8,MUL(K(14),t48),FMA(t4,MUL(K(14),t50),t25));
t26=FMA(t7,MUL(K(0),t48),FMA(t5,MUL(K(0),t50),FMA(t4,MUL(K(0),t49),t26)));
t27=FMA(t8,MUL(K(30),t48),FMA(t6,MUL(K(5),t48),FMA(t5,MUL(K(29),t49),FMA(t4,MUL(K(28),t50),t27))));
t28=FMA(t7,MUL(K(31),t50),FMA(t6,MUL(K(32),t49),FMA(t5,MUL(K(31),t48),t28)));
t29=FMA(t8,MUL(K(28),t50),FMA(t7,MUL(K(29),t49),FMA(t6,MUL(K(5),t50),FMA(t4,MUL(K(28),t48),t29))));
t30=FMA(t8,MUL(K(0),t49),FMA(t7,MUL(K(0),t50),FMA(t5,MUL(K(33),t48),t30)));
t31=FMA(t8,MUL(K(14),t50),FMA(t4,MUL(K(17),t48),t31));
}
// l12 = 2
V t45=MUL(t0,t4);
V t46=MUL(t0,t5);
V t47=MUL(t0,t6);
V t48=MUL(t0,t7);
V t49=MUL(t0,t8);
V t50=MUL(t1,MUL(K(34),t3));
V t51=MUL(t1,MUL(K(34),t2));
V t52=FMA(t3,MUL(K(15),t3),FMA(t2,MUL(K(16),t2),MUL(t1,MUL(K(15),t1))));
V t53=MUL(t2,MUL(K(34),t3));
V t54=FMA(t3,MUL(K(14),t3),MUL(t1,MUL(K(17),t1)));
V t55=FMA(t3,FNMA(K(27),t11,MUL(K(18),t9)),FMA(t2,MUL(K(19),t10),MUL(t1,FNMA(K(18),t15,MUL(K(20),t13)))));
V t56=FMA(t3,MUL(K(19),t10),FMA(t2,MUL(K(22),t11),MUL(t1,FNMA(K(19),t14,MUL(K(23),t12)))));
V t57=FMA(t3,MUL(K(25),t13),FMA(t2,MUL(K(26),t12),MUL(t1,MUL(K(25),t11))));
V t58=FMA(t3,FMA(K(19),t14,MUL(K(23),t12)),FMA(t2,MUL(K(22),t13),MUL(t1,MUL(K(19),t10))));
V t59=FMA(t3,FMA(K(18),t15,MUL(K(20),t13)),FMA(t2,MUL(K(19),t14),MUL(t1,FMA(K(27),t11,MUL(K(18),t9)))));
V t60=FMA(t5,MUL(K(36),t7),MUL(t4,MUL(K(35),t6)));
V t61=FMA(t5,FNMA(K(36),t8,MUL(K(25),t6)),MUL(t4,MUL(K(36),t7)));
V t62=FMA(t8,MUL(K(37),t8),FMA(t7,MUL(K(38),t7),FMA(t6,MUL(K(25),t6),FMA(t5,MUL(K(38),t5),MUL(t4,MUL(K(37),t4))))));
V t63=FMA(t7,MUL(K(36),t8),FMA(t6,MUL(K(25),t7),MUL(t4,MUL(K(36),t5))));
V t64=FMA(t7,MUL(K(7),t7),FMA(t6,MUL(K(35),t8),MUL(t5,MUL(K(39),t5))));
V t65=FMA(t11,FMA(K(19),t15,MUL(K(41),t13)),FMA(t10,MUL(K(40),t12),MUL(t9,MUL(K(24),t13))));
V t66=FMA(t11,FNMA(K(18),t14,MUL(K(43),t12)),FMA(t10,FNMA(K(42),t15,MUL(K(18),t13)),MUL(t9,MUL(K(42),t14))));
V t67=FMA(t15,MUL(K(44),t15),FMA(t13,MUL(K(45),t13),FMA(t12,MUL(K(46),t12),FMA(t11,MUL(K(45),t11),MUL(t9,MUL(K(44),t9))))));
V t68=FMA(t14,MUL(K(42),t15),FMA(t13,MUL(K(18),t14),FMA(t12,MUL(K(43),t13),FMA(t10,MUL(K(18),t11),MUL(t9,MUL(K(42),t10))))));
V t69=FMA(t13,FNMA(K(19),t15,MUL(K(2),t13)),FMA(t12,MUL(K(40),t14),FMA(t11,MUL(K(23),t11),MUL(t9,MUL(K(24),t11)))));
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t70=LOAD(w,11);
V t71=LOAD(w,12);
V t72=LOAD(w,13);
V t73=LOAD(w,14);
V t74=LOAD(w,15);
t20=FMA(t74,t65,FMA(t73,t60,FMA(t72,t55,FMA(t71,t50,FMA(t70,t45,t20)))));
t21=FMA(t74,t66,FMA(t73,t61,FMA(t72,t56,FMA(t71,t51,FMA(t70,t46,t21)))));
t22=FMA(t74,t67,FMA(t73,t62,FMA(t72,t57,FMA(t71,t52,FMA(t70,t47,t22)))));
t23=FMA(t74,t68,FMA(t73,t63,FMA(t72,t58,FMA(t71,t53,FMA(t70,t48,t23)))));
t24=FMA(t74,t69,FMA(t73,t64,FMA(t72,t59,FMA(t71,t54,FMA(t70,t49,t24)))));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t70=LOAD(w,25);
V t71=LOAD(w,26);
V t72=FMA(t71,t65,MUL(t70,t60));
V t73=FMA(t71,t66,MUL(t70,t61));
V t74=FMA(t71,t67,MUL(t70,t62));
V t75=FMA(t71,t68,MUL(t70,t63));
V t76=FMA(t71,t69,MUL(t70,t64));
t16=FMA(t8,MUL(K(1),t76),FMA(t7,MUL(K(1),t75),FMA(t6,MUL(K(1),t74),FMA(t5,MUL(K(1),t73),FMA(t4,MUL(K(1),t72),t16)))));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t70=LOAD(w,35);
V t71=LOAD(w,36);
V t72=LOAD(w,37);
V t73=LOAD(w,38);
V t74=FMA(t73,t65,FMA(t72,t60,FMA(t71,t55,MUL(t70,t50))));
V t75=FMA(t73,t66,FMA(t72,t61,FMA(t71,t56,MUL(t70,t51))));
V t76=FMA(t73,t67,FMA(t72,t62,FMA(t71,t57,MUL(t70,t52))));
V t77=FMA(t73,t68,FMA(t72,t63,FMA(t71,t58,MUL(t70,t53))));
V t78=FMA(t73,t69,FMA(t72,t64,FMA(t71,t59,MUL(t70,t54))));
t17=FMA(t15,MUL(K(39),t74),FMA(t14,MUL(K(23),t75),FMA(t13,MUL(K(6),t74),FMA(t12,MUL(K(8),t75),FMA(t11,FMA(K(10),t78,MUL(K(9),t76)),FMA(t10,MUL(K(2),t77),FMA(t9,MUL(K(7),t78),t17)))))));
t18=FMA(t14,MUL(K(2),t78),FMA(t13,MUL(K(11),t77),FMA(t12,MUL(K(12),t76),FMA(t11,MUL(K(11),t75),FMA(t10,MUL(K(2),t74),t18)))));
t19=FMA(t15,MUL(K(7),t78),FMA(t14,MUL(K(2),t77),FMA(t13,FNMA(K(10),t78,MUL(K(9),t76)),FMA(t12,MUL(K(8),t77),FMA(t11,MUL(K(6),t74),FMA(t10,MUL(K(2),t75),FMA(t9,MUL(K(7),t74),t19)))))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t70=LOAD(w,39);
V t71=MUL(t70,t65);
V t72=MUL(t70,t66);
V t73=MUL(t70,t67);
V t74=MUL(t70,t68);
V t75=MUL(t70,t69);
t20=FMA(t0,t71,t20);
t21=FMA(t0,t72,t21);
t22=FMA(t0,t73,t22);
t23=FMA(t0,t74,t23);
t24=FMA(t0,t75,t24);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t70=LOAD(w,47);
V t71=LOAD(w,48);
V t72=LOAD(w,49);
V t73=FMA(t72,t65,FMA(t71,t55,MUL(t70,t45)));
V t74=FMA(t72,t66,FMA(t71,t56,MUL(t70,t46)));
V t75=FMA(t72,t67,FMA(t71,t57,MUL(t70,t47)));
V t76=FMA(t72,t68,FMA(t71,t58,MUL(t70,t48)));
V t77=FMA(t72,t69,FMA(t71,t59,MUL(t70,t49)));
t20=FMA(t7,MUL(K(7),t74),FMA(t6,MUL(K(37),t73),FMA(t5,MUL(K(7),t76),FMA(t4,MUL(K(37),t75),t20))));
t21=FMA(t8,MUL(K(39),t74),FMA(t7,MUL(K(7),t73),FMA(t6,MUL(K(38),t74),FMA(t5,FNMA(K(7),t77,MUL(K(38),t75)),FMA(t4,MUL(K(7),t76),t21)))));
t22=FMA(t8,MUL(K(37),t77),FMA(t7,MUL(K(38),t76),FMA(t6,MUL(K(25),t75),FMA(t5,MUL(K(38),t74),FMA(t4,MUL(K(37),t73),t22)))));
t23=FMA(t8,MUL(K(7),t76),FMA(t7,FMA(K(7),t77,MUL(K(38),t75)),FMA(t6,MUL(K(38),t76),FMA(t5,MUL(K(7),t73),FMA(t4,MUL(K(7),t74),t23)))));
t24=FMA(t8,MUL(K(37),t75),FMA(t7,MUL(K(7),t76),FMA(t6,MUL(K(37),t77),FMA(t5,MUL(K(39),t74),t24))));
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t70=LOAD(w,53);
V t71=LOAD(w,54);
V t72=LOAD(w,55);
V t73=FMA(t72,t65,FMA(t71,t60,MUL(t70,t50)));
V t74=FMA(t72,t66,FMA(t71,t61,MUL(t70,t51)));
V t75=FMA(t72,t67,FMA(t71,t62,MUL(t70,t52)));
V t76=FMA(t72,t68,FMA(t71,t63,MUL(t70,t53)));
V t77=FMA(t72,t69,FMA(t71,t64,MUL(t70,t54)));
t25=FMA(t3,MUL(K(14),t73),FMA(t1,MUL(K(14),t77),t25));
t26=FMA(t3,MUL(K(0),t74),FMA(t2,MUL(K(0),t73),FMA(t1,MUL(K(0),t76),t26)));
t27=FMA(t3,MUL(K(28),t73),FMA(t2,MUL(K(29),t74),FMA(t1,FMA(K(30),t77,MUL(K(5),t75)),t27)));
t28=FMA(t3,MUL(K(31),t76),FMA(t2,MUL(K(32),t75),FMA(t1,MUL(K(31),t74),t28)));
t29=FMA(t3,FNMA(K(30),t77,MUL(K(5),t75)),FMA(t2,MUL(K(29),t76),FMA(t1,MUL(K(28),t73),t29)));
t30=FMA(t3,MUL(K(0),t76),FMA(t2,MUL(K(0),t77),FMA(t1,MUL(K(33),t74),t30)));
t31=FMA(t3,MUL(K(14),t77),FMA(t1,MUL(K(17),t73),t31));
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t70=LOAD(w,63);
V t71=LOAD(w,64);
V t72=LOAD(w,65);
V t73=LOAD(w,66);
V t74=LOAD(w,67);
V t75=FMA(t74,t65,FMA(t73,t60,FMA(t72,t55,FMA(t71,t50,MUL(t70,t45)))));
V t76=FMA(t74,t66,FMA(t73,t61,FMA(t72,t56,FMA(t71,t51,MUL(t70,t46)))));
V t77=FMA(t74,t67,FMA(t73,t62,FMA(t72,t57,FMA(t71,t52,MUL(t70,t47)))));
V t78=FMA(t74,t68,FMA(t73,t63,FMA(t72,t58,FMA(t71,t53,MUL(t70,t48)))));
V t79=FMA(t74,t69,FMA(t73,t64,FMA(t72,t59,FMA(t71,t54,MUL(t70,t49)))));
t25=FMA(t14,MUL(K(48),t76),FMA(t13,MUL(K(49),t75),FMA(t11,MUL(K(49),t79),FMA(t10,MUL(K(48),t78),FMA(t9,MUL(K(47),t77),t25)))));
t26=FMA(t15,MUL(K(51),t76),FMA(t13,MUL(K(50),t76),FMA(t12,MUL(K(33),t75),FMA(t11,MUL(K(50),t78),FMA(t9,MUL(K(48),t78),t26)))));
t27=FMA(t15,MUL(K(54),t75),FMA(t14,MUL(K(53),t76),FMA(t13,MUL(K(1),t75),FMA(t12,MUL(K(30),t76),FMA(t11,FNMA(K(1),t79,MUL(K(52),t77)),FMA(t10,MUL(K(50),t78),FMA(t9,MUL(K(49),t79),t27)))))));
t28=FMA(t14,MUL(K(33),t79),FMA(t13,MUL(K(30),t78),FMA(t12,MUL(K(55),t77),FMA(t11,MUL(K(30),t76),FMA(t10,MUL(K(33),t75),t28)))));
t29=FMA(t15,MUL(K(49),t79),FMA(t14,MUL(K(50),t78),FMA(t13,FMA(K(1),t79,MUL(K(52),t77)),FMA(t12,MUL(K(30),t78),FMA(t11,MUL(K(1),t75),FMA(t10,MUL(K(50),t76),FMA(t9,MUL(K(49),t75),t29)))))));
t30=FMA(t15,MUL(K(48),t78),FMA(t13,MUL(K(50),t78),FMA(t12,MUL(K(33),t79),FMA(t11,MUL(K(53),t76),FMA(t9,MUL(K(48),t76),t30)))));
t31=FMA(t15,MUL(K(47),t77),FMA(t14,MUL(K(48),t78),FMA(t13,MUL(K(49),t79),FMA(t11,MUL(K(54),t75),FMA(t10,MUL(K(51),t76),t31)))));
}
// l12 = 3
V t70=MUL(t0,t9);
V t71=MUL(t0,t10);
V t72=MUL(t0,t11);
V t73=MUL(t0,t12);
V t74=MUL(t0,t13);
V t75=MUL(t0,t14);
V t76=MUL(t0,t15);
V t77=FMA(t3,MUL(K(14),t4),MUL(t1,MUL(K(14),t8)));
V t78=FMA(t3,MUL(K(0),t5),FMA(t2,MUL(K(0),t4),MUL(t1,MUL(K(0),t7))));
V t79=FMA(t3,MUL(K(28),t4),FMA(t2,MUL(K(29),t5),MUL(t1,FMA(K(30),t8,MUL(K(5),t6)))));
V t80=FMA(t3,MUL(K(31),t7),FMA(t2,MUL(K(32),t6),MUL(t1,MUL(K(31),t5))));
V t81=FMA(t3,FNMA(K(30),t8,MUL(K(5),t6)),FMA(t2,MUL(K(29),t7),MUL(t1,MUL(K(28),t4))));
V t82=FMA(t3,MUL(K(0),t7),FMA(t2,MUL(K(0),t8),MUL(t1,MUL(K(33),t5))));
V t83=FMA(t3,MUL(K(14),t8),MUL(t1,MUL(K(17),t4)));
V t84=FMA(t8,MUL(K(49),t11),FMA(t7,MUL(K(48),t10),FMA(t6,MUL(K(47),t9),FMA(t5,MUL(K(48),t14),MUL(t4,MUL(K(49),t13))))));
V t85=FMA(t7,FMA(K(50),t11,MUL(K(48),t9)),FMA(t5,FNMA(K(48),t15,MUL(K(50),t13)),MUL(t4,MUL(K(33),t12))));
V t86=FMA(t8,FNMA(K(1),t11,MUL(K(49),t9)),FMA(t7,MUL(K(50),t10),FMA(t6,MUL(K(52),t11),FMA(t5,FNMA(K(50),t14,MUL(K(30),t12)),MUL(t4,FMA(K(54),t15,MUL(K(1),t13)))))));
V t87=FMA(t8,MUL(K(33),t14),FMA(t7,MUL(K(30),t13),FMA(t6,MUL(K(55),t12),FMA(t5,MUL(K(30),t11),MUL(t4,MUL(K(33),t10))))));
V t88=FMA(t8,FNMA(K(54),t15,MUL(K(1),t13)),FMA(t7,FMA(K(50),t14,MUL(K(30),t12)),FMA(t6,MUL(K(52),t13),FMA(t5,MUL(K(50),t10),MUL(t4,FMA(K(1),t11,MUL(K(49),t9)))))));
V t89=FMA(t8,MUL(K(33),t12),FMA(t7,FMA(K(48),t15,MUL(K(50),t13)),MUL(t5,FNMA(K(50),t11,MUL(K(48),t9)))));
V t90=FMA(t8,MUL(K(49),t13),FMA(t7,MUL(K(48),t14),FMA(t6,MUL(K(47),t15),FMA(t5,MUL(K(51),t10),MUL(t4,MUL(K(54),t11))))));
if (CORRELATION>1 and OUTPUTS>>3&1) {
V t91=LOAD(w,16);
V t92=LOAD(w,17);
V t93=LOAD(w,18);
t25=FMA(t93,t84,FMA(t92,t77,FMA(t91,t70,t25)));
t26=FMA(t93,t85,FMA(t92,t78,FMA(t91,t71,t26)));
t27=FMA(t93,t86,FMA(t92,t79,FMA(t91,t72,t27)));
t28=FMA(t93,t87,FMA(t92,t80,FMA(t91,t73,t28)));
t29=FMA(t93,t88,FMA(t92,t81,FMA(t91,t74,t29)));
t30=FMA(t93,t89,FMA(t92,t82,FMA(t91,t75,t30)));
t31=FMA(t93,t90,FMA(t92,t83,FMA(t91,t76,t31)));
}
STORE(o,0,t16);
STORE(o,1,t17);
STORE(o,2,t18);
STORE(o,3,t19);
STORE(o,4,t20);
STORE(o,5,t21);
STORE(o,6,t22);
STORE(o,7,t23);
STORE(o,8,t24);
STORE(o,9,t25);
STORE(o,10,t26);
STORE(o,11,t27);
STORE(o,12,t28);
STORE(o,13,t29);
STORE(o,14,t30);
STORE(o,15,t31);
}
};

struct Backward0 {
static constexpr int weights = 24;
static constexpr bool first = true;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 19, 20, 21, 22, 28, 29, 30, 31, 43, 44, 45, 46, 59, 60, 61, 62};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[24]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
V t32=ZERO;
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
V t39=ZERO;
V t40=ZERO;
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
if (OUTPUTS>>0&1) {
V t48=LOAD(w,0);
t32=FMA(t48,t16,t32);
sum[0]=FMA(t0,t16,sum[0]);
}
if (OUTPUTS>>1&1) {
V t48=LOAD(w,1);
t33=FMA(t48,t17,t33);
t34=FMA(t48,t18,t34);
t35=FMA(t48,t19,t35);
sum[1]=FMA(t3,t19,FMA(t2,t18,FMA(t1,t17,sum[1])));
}
if (OUTPUTS>>2&1) {
V t48=LOAD(w,2);
t36=FMA(t48,t20,t36);
t37=FMA(t48,t21,t37);
t38=FMA(t48,t22,t38);
t39=FMA(t48,t23,t39);
t40=FMA(t48,t24,t40);
sum[2]=FMA(t8,t24,FMA(t7,t23,FMA(t6,t22,FMA(t5,t21,FMA(t4,t20,sum[2])))));
}
if (OUTPUTS>>3&1) {
V t48=LOAD(w,3);
t41=FMA(t48,t25,t41);
t42=FMA(t48,t26,t42);
t43=FMA(t48,t27,t43);
t44=FMA(t48,t28,t44);
t45=FMA(t48,t29,t45);
t46=FMA(t48,t30,t46);
t47=FMA(t48,t31,t47);
sum[3]=FMA(t15,t31,FMA(t14,t30,FMA(t13,t29,FMA(t12,t28,FMA(t11,t27,FMA(t10,t26,FMA(t9,t25,sum[3])))))));
}
V t48=MUL(t0,t0);
V t49=FMA(t3,MUL(K(0),t3),FMA(t2,MUL(K(0),t2),MUL(t1,MUL(K(0),t1))));
V t50=FMA(t8,MUL(K(1),t8),FMA(t7,MUL(K(1),t7),FMA(t6,MUL(K(1),t6),FMA(t5,MUL(K(1),t5),MUL(t4,MUL(K(1),t4))))));
V t51=FMA(t15,MUL(K(2),t15),FMA(t14,MUL(K(2),t14),FMA(t13,MUL(K(2),t13),FMA(t12,MUL(K(2),t12),FMA(t11,MUL(K(2),t11),FMA(t10,MUL(K(2),t10),MUL(t9,MUL(K(2),t9))))))));
V t52=ZERO;
V t53=ZERO;
V t54=ZERO;
V t55=ZERO;
if (CORRELATION>1 and OUTPUTS>>0&1) {
V t56=LOAD(w,4);
t52=FMA(t56,t16,t52);
sum[4]=FMA(t16,t48,sum[4]);
V t57=LOAD(w,5);
t53=FMA(t57,t16,t53);
sum[5]=FMA(t16,t49,sum[5]);
V t58=LOAD(w,6);
t54=FMA(t58,t16,t54);
sum[6]=FMA(t16,t50,sum[6]);
V t59=LOAD(w,7);
t55=FMA(t59,t16,t55);
sum[7]=FMA(t16,t51,sum[7]);
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t56=LOAD(w,19);
V t57=LOAD(w,20);
V t58=LOAD(w,21);
V t59=LOAD(w,22);
V t60=FMA(t59,t51,FMA(t58,t50,FMA(t57,t49,MUL(t56,t48))));
V t61=t16;
t32=FMA(t60,t61,t32);
V t62=MUL(t0,t61);
V t63=LOAD(w,19);
t52=FMA(t63,t62,t52);
sum[8]=FMA(t62,t48,sum[8]);
V t64=LOAD(w,20);
t53=FMA(t64,t62,t53);
sum[9]=FMA(t62,t49,sum[9]);
V t65=LOAD(w,21);
t54=FMA(t65,t62,t54);
sum[10]=FMA(t62,t50,sum[10]);
V t66=LOAD(w,22);
t55=FMA(t66,t62,t55);
sum[11]=FMA(t62,t51,sum[11]);
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t56=LOAD(w,28);
V t57=LOAD(w,29);
V t58=LOAD(w,30);
V t59=LOAD(w,31);
V t60=FMA(t59,t51,FMA(t58,t50,FMA(t57,t49,MUL(t56,t48))));
V t61=t17;
t33=FMA(t60,t61,t33);
V t62=t18;
t34=FMA(t60,t62,t34);
V t63=t19;
t35=FMA(t60,t63,t35);
V t64=FMA(t3,t63,FMA(t2,t62,MUL(t1,t61)));
V t65=LOAD(w,28);
t52=FMA(t65,t64,t52);
sum[12]=FMA(t64,t48,sum[12]);
V t66=LOAD(w,29);
t53=FMA(t66,t64,t53);
sum[13]=FMA(t64,t49,sum[13]);
V t67=LOAD(w,30);
t54=FMA(t67,t64,t54);
sum[14]=FMA(t64,t50,sum[14]);
V t68=LOAD(w,31);
t55=FMA(t68,t64,t55);
sum[15]=FMA(t64,t51,sum[15]);
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t56=LOAD(w,43);
V t57=LOAD(w,44);
V t58=LOAD(w,45);
V t59=LOAD(w,46);
V t60=FMA(t59,t51,FMA(t58,t50,FMA(t57,t49,MUL(t56,t48))));
V t61=t20;
t36=FMA(t60,t61,t36);
V t62=t21;
t37=FMA(t60,t62,t37);
V t63=t22;
t38=FMA(t60,t63,t38);
V t64=t23;
t39=FMA(t60,t64,t39);
V t65=t24;
t40=FMA(t60,t65,t40);
V t66=FMA(t8,t65,FMA(t7,t64,FMA(t6,t63,FMA(t5,t62,MUL(t4,t61)))));
V t67=LOAD(w,43);
t52=FMA(t67,t66,t52);
sum[16]=FMA(t66,t48,sum[16]);
V t68=LOAD(w,44);
t53=FMA(t68,t66,t53);
sum[17]=FMA(t66,t49,sum[17]);
V t69=LOAD(w,45);
t54=FMA(t69,t66,t54);
sum[18]=FMA(t66,t50,sum[18]);
V t70=LOAD(w,46);
t55=FMA(t70,t66,t55);
sum[19]=FMA(t66,t51,sum[19]);
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t56=LOAD(w,59);
V t57=LOAD(w,60);
V t58=LOAD(w,61);
V t59=LOAD(w,62);
V t60=FMA(t59,t51,FMA(t58,t50,FMA(t57,t49,MUL(t56,t48))));
V t61=t25;
t41=FMA(t60,t61,t41);
V t62=t26;
t42=FMA(t60,t62,t42);
V t63=t27;
t43=FMA(t60,t63,t43);
V t64=t28;
t44=FMA(t60,t64,t44);
V t65=t29;
t45=FMA(t60,t65,t45);
V t66=t30;
t46=FMA(t60,t66,t46);
V t67=t31;
t47=FMA(t60,t67,t47);
V t68=FMA(t15,t67,FMA(t14,t66,FMA(t13,t65,FMA(t12,t64,FMA(t11,t63,FMA(t10,t62,MUL(t9,t61)))))));
V t69=LOAD(w,59);
t52=FMA(t69,t68,t52);
sum[20]=FMA(t68,t48,sum[20]);
V t70=LOAD(w,60);
t53=FMA(t70,t68,t53);
sum[21]=FMA(t68,t49,sum[21]);
V t71=LOAD(w,61);
t54=FMA(t71,t68,t54);
sum[22]=FMA(t68,t50,sum[22]);
V t72=LOAD(w,62);
t55=FMA(t72,t68,t55);
sum[23]=FMA(t68,t51,sum[23]);
}
V t56=MUL(K(56),t52);
t32=FMA(t0,t56,t32);
V t57=MUL(K(57),t53);
V t58=MUL(K(57),t53);
V t59=MUL(K(57),t53);
t33=FMA(t1,t57,t33);
t34=FMA(t2,t58,t34);
t35=FMA(t3,t59,t35);
V t60=MUL(K(58),t54);
V t61=MUL(K(58),t54);
V t62=MUL(K(58),t54);
V t63=MUL(K(58),t54);
V t64=MUL(K(58),t54);
t36=FMA(t4,t60,t36);
t37=FMA(t5,t61,t37);
t38=FMA(t6,t62,t38);
t39=FMA(t7,t63,t39);
t40=FMA(t8,t64,t40);
V t65=MUL(K(41),t55);
V t66=MUL(K(41),t55);
V t67=MUL(K(41),t55);
V t68=MUL(K(41),t55);
V t69=MUL(K(41),t55);
V t70=MUL(K(41),t55);
V t71=MUL(K(41),t55);
t41=FMA(t9,t65,t41);
t42=FMA(t10,t66,t42);
t43=FMA(t11,t67,t43);
t44=FMA(t12,t68,t44);
t45=FMA(t13,t69,t45);
t46=FMA(t14,t70,t46);
t47=FMA(t15,t71,t47);
STORE(da,0,t32);
STORE(da,1,t33);
STORE(da,2,t34);
STORE(da,3,t35);
STORE(da,4,t36);
STORE(da,5,t37);
STORE(da,6,t38);
STORE(da,7,t39);
STORE(da,8,t40);
STORE(da,9,t41);
STORE(da,10,t42);
STORE(da,11,t43);
STORE(da,12,t44);
STORE(da,13,t45);
STORE(da,14,t46);
STORE(da,15,t47);
}
};

struct Backward1 {
static constexpr int weights = 18;
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {8, 9, 10, 23, 24, 27, 32, 33, 34, 40, 41, 42, 50, 51, 52, 56, 57, 58};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[18]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
V t32=ZERO;
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
V t39=ZERO;
V t40=ZERO;
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=MUL(t0,t1);
V t49=MUL(t0,t2);
V t50=MUL(t0,t3);
V t51=FMA(t3,MUL(K(4),t4),FMA(t2,MUL(K(4),t5),MUL(t1,FNMA(K(4),t8,MUL(K(3),t6)))));
V t52=FMA(t3,MUL(K(4),t7),FMA(t2,MUL(K(5),t6),MUL(t1,MUL(K(4),t5))));
V t53=FMA(t3,FMA(K(4),t8,MUL(K(3),t6)),FMA(t2,MUL(K(4),t7),MUL(t1,MUL(K(4),t4))));
V t54=FMA(t8,FMA(K(10),t11,MUL(K(7),t9)),FMA(t7,MUL(K(2),t10),FMA(t6,MUL(K(9),t11),FMA(t5,FNMA(K(2),t14,MUL(K(8),t12)),MUL(t4,FNMA(K(7),t15,MUL(K(6),t13)))))));
V t55=FMA(t8,MUL(K(2),t14),FMA(t7,MUL(K(11),t13),FMA(t6,MUL(K(12),t12),FMA(t5,MUL(K(11),t11),MUL(t4,MUL(K(2),t10))))));
V t56=FMA(t8,FMA(K(7),t15,MUL(K(6),t13)),FMA(t7,FMA(K(2),t14,MUL(K(8),t12)),FMA(t6,MUL(K(9),t13),FMA(t5,MUL(K(2),t10),MUL(t4,FNMA(K(10),t11,MUL(K(7),t9)))))));
V t57=ZERO;
V t58=ZERO;
V t59=ZERO;
V t60=ZERO;
V t61=ZERO;
V t62=ZERO;
V t63=ZERO;
V t64=ZERO;
V t65=ZERO;
if (CORRELATION>1 and OUTPUTS>>1&1) {
V t66=LOAD(w,8);
t57=FMA(t66,t17,t57);
t58=FMA(t66,t18,t58);
t59=FMA(t66,t19,t59);
sum[0]=FMA(t19,t50,FMA(t18,t49,FMA(t17,t48,sum[0])));
V t67=LOAD(w,9);
t60=FMA(t67,t17,t60);
t61=FMA(t67,t18,t61);
t62=FMA(t67,t19,t62);
sum[1]=FMA(t19,t53,FMA(t18,t52,FMA(t17,t51,sum[1])));
V t68=LOAD(w,10);
t63=FMA(t68,t17,t63);
t64=FMA(t68,t18,t64);
t65=FMA(t68,t19,t65);
sum[2]=FMA(t19,t56,FMA(t18,t55,FMA(t17,t54,sum[2])));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t66=LOAD(w,23);
V t67=LOAD(w,24);
V t68=FMA(t67,t54,MUL(t66,t51));
V t69=FMA(t67,t55,MUL(t66,t52));
V t70=FMA(t67,t56,MUL(t66,t53));
V t71=MUL(K(0),t16);
t33=FMA(t68,t71,t33);
V t72=MUL(K(0),t16);
t34=FMA(t69,t72,t34);
V t73=MUL(K(0),t16);
t35=FMA(t70,t73,t35);
V t74=MUL(t1,t71);
V t75=MUL(t2,t72);
V t76=MUL(t3,t73);
V t77=LOAD(w,23);
t60=FMA(t77,t74,t60);
t61=FMA(t77,t75,t61);
t62=FMA(t77,t76,t62);
sum[3]=FMA(t76,t53,FMA(t75,t52,FMA(t74,t51,sum[3])));
V t78=LOAD(w,24);
t63=FMA(t78,t74,t63);
t64=FMA(t78,t75,t64);
t65=FMA(t78,t76,t65);
sum[4]=FMA(t76,t56,FMA(t75,t55,FMA(t74,t54,sum[4])));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t66=LOAD(w,27);
V t67=MUL(t66,t54);
V t68=MUL(t66,t55);
V t69=MUL(t66,t56);
V t70=t17;
V t71=t18;
V t72=t19;
t32=FMA(t69,t72,FMA(t68,t71,FMA(t67,t70,t32)));
V t73=MUL(t0,t70);
V t74=MUL(t0,t71);
V t75=MUL(t0,t72);
V t76=LOAD(w,27);
t63=FMA(t76,t73,t63);
t64=FMA(t76,t74,t64);
t65=FMA(t76,t75,t65);
sum[5]=FMA(t75,t56,FMA(t74,t55,FMA(t73,t54,sum[5])));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t66=LOAD(w,32);
V t67=LOAD(w,33);
V t68=LOAD(w,34);
V t69=FMA(t68,t54,FMA(t67,t51,MUL(t66,t48)));
V t70=FMA(t68,t55,FMA(t67,t52,MUL(t66,t49)));
V t71=FMA(t68,t56,FMA(t67,t53,MUL(t66,t50)));
V t72=MUL(K(4),t19);
V t73=MUL(K(4),t17);
t36=FMA(t71,t73,FMA(t69,t72,t36));
V t74=MUL(K(4),t18);
V t75=MUL(K(4),t17);
t37=FMA(t70,t75,FMA(t69,t74,t37));
V t76=MUL(K(3),t17);
V t77=MUL(K(5),t18);
V t78=MUL(K(3),t19);
t38=FMA(t71,t78,FMA(t70,t77,FMA(t69,t76,t38)));
V t79=MUL(K(4),t19);
V t80=MUL(K(4),t18);
t39=FMA(t71,t80,FMA(t70,t79,t39));
V t81=MUL(K(13),t17);
V t82=MUL(K(4),t19);
t40=FMA(t71,t82,FMA(t69,t81,t40));
V t83=FMA(t8,t81,FMA(t6,t76,FMA(t5,t74,MUL(t4,t72))));
V t84=FMA(t7,t79,FMA(t6,t77,MUL(t5,t75)));
V t85=FMA(t8,t82,FMA(t7,t80,FMA(t6,t78,MUL(t4,t73))));
V t86=LOAD(w,32);
t57=FMA(t86,t83,t57);
t58=FMA(t86,t84,t58);
t59=FMA(t86,t85,t59);
sum[6]=FMA(t85,t50,FMA(t84,t49,FMA(t83,t48,sum[6])));
V t87=LOAD(w,33);
t60=FMA(t87,t83,t60);
t61=FMA(t87,t84,t61);
t62=FMA(t87,t85,t62);
sum[7]=FMA(t85,t53,FMA(t84,t52,FMA(t83,t51,sum[7])));
V t88=LOAD(w,34);
t63=FMA(t88,t83,t63);
t64=FMA(t88,t84,t64);
t65=FMA(t88,t85,t65);
sum[8]=FMA(t85,t56,FMA(t84,t55,FMA(t83,t54,sum[8])));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t66=LOAD(w,40);
V t67=LOAD(w,41);
V t68=LOAD(w,42);
V t69=FMA(t68,t54,FMA(t67,t51,MUL(t66,t48)));
V t70=FMA(t68,t55,FMA(t67,t52,MUL(t66,t49)));
V t71=FMA(t68,t56,FMA(t67,t53,MUL(t66,t50)));
V t72=FNMA(K(14),t24,MUL(K(15),t22));
V t73=MUL(K(14),t21);
V t74=MUL(K(14),t20);
t33=FMA(t71,t74,FMA(t70,t73,FMA(t69,t72,t33)));
V t75=MUL(K(14),t21);
V t76=MUL(K(16),t22);
V t77=MUL(K(14),t23);
t34=FMA(t71,t77,FMA(t70,t76,FMA(t69,t75,t34)));
V t78=MUL(K(14),t20);
V t79=MUL(K(14),t23);
V t80=FMA(K(14),t24,MUL(K(15),t22));
t35=FMA(t71,t80,FMA(t70,t79,FMA(t69,t78,t35)));
V t81=FMA(t3,t78,FMA(t2,t75,MUL(t1,t72)));
V t82=FMA(t3,t79,FMA(t2,t76,MUL(t1,t73)));
V t83=FMA(t3,t80,FMA(t2,t77,MUL(t1,t74)));
V t84=LOAD(w,40);
t57=FMA(t84,t81,t57);
t58=FMA(t84,t82,t58);
t59=FMA(t84,t83,t59);
sum[9]=FMA(t83,t50,FMA(t82,t49,FMA(t81,t48,sum[9])));
V t85=LOAD(w,41);
t60=FMA(t85,t81,t60);
t61=FMA(t85,t82,t61);
t62=FMA(t85,t83,t62);
sum[10]=FMA(t83,t53,FMA(t82,t52,FMA(t81,t51,sum[10])));
V t86=LOAD(w,42);
t63=FMA(t86,t81,t63);
t64=FMA(t86,t82,t64);
t65=FMA(t86,t83,t65);
sum[11]=FMA(t83,t56,FMA(t82,t55,FMA(t81,t54,sum[11])));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t66=LOAD(w,50);
V t67=LOAD(w,51);
V t68=LOAD(w,52);
V t69=FMA(t68,t54,FMA(t67,t51,MUL(t66,t48)));
V t70=FMA(t68,t55,FMA(t67,t52,MUL(t66,t49)));
V t71=FMA(t68,t56,FMA(t67,t53,MUL(t66,t50)));
V t72=MUL(K(18),t24);
V t73=MUL(K(18),t20);
t41=FMA(t71,t73,FMA(t69,t72,t41));
V t74=MUL(K(19),t23);
V t75=MUL(K(19),t20);
V t76=MUL(K(19),t21);
t42=FMA(t71,t76,FMA(t70,t75,FMA(t69,t74,t42)));
V t77=FMA(K(27),t24,MUL(K(25),t22));
V t78=MUL(K(22),t21);
V t79=MUL(K(20),t20);
t43=FMA(t71,t79,FMA(t70,t78,FMA(t69,t77,t43)));
V t80=MUL(K(23),t21);
V t81=MUL(K(26),t22);
V t82=MUL(K(23),t23);
t44=FMA(t71,t82,FMA(t70,t81,FMA(t69,t80,t44)));
V t83=MUL(K(20),t20);
V t84=MUL(K(22),t23);
V t85=FNMA(K(27),t24,MUL(K(25),t22));
t45=FMA(t71,t85,FMA(t70,t84,FMA(t69,t83,t45)));
V t86=MUL(K(24),t21);
V t87=MUL(K(19),t24);
V t88=MUL(K(19),t23);
t46=FMA(t71,t88,FMA(t70,t87,FMA(t69,t86,t46)));
V t89=MUL(K(21),t20);
V t90=MUL(K(18),t24);
t47=FMA(t71,t90,FMA(t69,t89,t47));
V t91=FMA(t15,t89,FMA(t14,t86,FMA(t13,t83,FMA(t12,t80,FMA(t11,t77,FMA(t10,t74,MUL(t9,t72)))))));
V t92=FMA(t14,t87,FMA(t13,t84,FMA(t12,t81,FMA(t11,t78,MUL(t10,t75)))));
V t93=FMA(t15,t90,FMA(t14,t88,FMA(t13,t85,FMA(t12,t82,FMA(t11,t79,FMA(t10,t76,MUL(t9,t73)))))));
V t94=LOAD(w,50);
t57=FMA(t94,t91,t57);
t58=FMA(t94,t92,t58);
t59=FMA(t94,t93,t59);
sum[12]=FMA(t93,t50,FMA(t92,t49,FMA(t91,t48,sum[12])));
V t95=LOAD(w,51);
t60=FMA(t95,t91,t60);
t61=FMA(t95,t92,t61);
t62=FMA(t95,t93,t62);
sum[13]=FMA(t93,t53,FMA(t92,t52,FMA(t91,t51,sum[13])));
V t96=LOAD(w,52);
t63=FMA(t96,t91,t63);
t64=FMA(t96,t92,t64);
t65=FMA(t96,t93,t65);
sum[14]=FMA(t93,t56,FMA(t92,t55,FMA(t91,t54,sum[14])));
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t66=LOAD(w,56);
V t67=LOAD(w,57);
V t68=LOAD(w,58);
V t69=FMA(t68,t54,FMA(t67,t51,MUL(t66,t48)));
V t70=FMA(t68,t55,FMA(t67,t52,MUL(t66,t49)));
V t71=FMA(t68,t56,FMA(t67,t53,MUL(t66,t50)));
V t72=FNMA(K(14),t31,MUL(K(28),t29));
V t73=MUL(K(0),t26);
V t74=FNMA(K(30),t27,MUL(K(14),t25));
t36=FMA(t71,t74,FMA(t70,t73,FMA(t69,t72,t36)));
V t75=FNMA(K(0),t30,MUL(K(31),t28));
V t76=MUL(K(29),t27);
V t77=MUL(K(0),t26);
t37=FMA(t71,t77,FMA(t70,t76,FMA(t69,t75,t37)));
V t78=MUL(K(5),t27);
V t79=MUL(K(32),t28);
V t80=MUL(K(5),t29);
t38=FMA(t71,t80,FMA(t70,t79,FMA(t69,t78,t38)));
V t81=MUL(K(0),t26);
V t82=MUL(K(29),t29);
V t83=FMA(K(0),t30,MUL(K(31),t28));
t39=FMA(t71,t83,FMA(t70,t82,FMA(t69,t81,t39)));
V t84=FMA(K(30),t27,MUL(K(14),t25));
V t85=MUL(K(0),t30);
V t86=FMA(K(14),t31,MUL(K(28),t29));
t40=FMA(t71,t86,FMA(t70,t85,FMA(t69,t84,t40)));
V t87=FMA(t8,t84,FMA(t7,t81,FMA(t6,t78,FMA(t5,t75,MUL(t4,t72)))));
V t88=FMA(t8,t85,FMA(t7,t82,FMA(t6,t79,FMA(t5,t76,MUL(t4,t73)))));
V t89=FMA(t8,t86,FMA(t7,t83,FMA(t6,t80,FMA(t5,t77,MUL(t4,t74)))));
V t90=LOAD(w,56);
t57=FMA(t90,t87,t57);
t58=FMA(t90,t88,t58);
t59=FMA(t90,t89,t59);
sum[15]=FMA(t89,t50,FMA(t88,t49,FMA(t87,t48,sum[15])));
V t91=LOAD(w,57);
t60=FMA(t91,t87,t60);
t61=FMA(t91,t88,t61);
t62=FMA(t91,t89,t62);
sum[16]=FMA(t89,t53,FMA(t88,t52,FMA(t87,t51,sum[16])));
V t92=LOAD(w,58);
t63=FMA(t92,t87,t63);
t64=FMA(t92,t88,t64);
t65=FMA(t92,t89,t65);
sum[17]=FMA(t89,t56,FMA(t88,t55,FMA(t87,t54,sum[17])));
}
V t66=t57;
V t67=t58;
V t68=t59;
t32=FMA(t3,t68,FMA(t2,t67,FMA(t1,t66,t32)));
t33=FMA(t0,t66,t33);
t34=FMA(t0,t67,t34);
t35=FMA(t0,t68,t35);
V t69=MUL(K(4),t62);
V t70=MUL(K(4),t61);
V t71=MUL(K(3),t60);
V t72=MUL(K(13),t60);
V t73=MUL(K(4),t60);
V t74=MUL(K(5),t61);
V t75=MUL(K(4),t62);
V t76=MUL(K(4),t60);
V t77=MUL(K(3),t62);
V t78=MUL(K(4),t61);
V t79=MUL(K(4),t62);
t33=FMA(t8,t72,FMA(t6,t71,FMA(t5,t70,FMA(t4,t69,t33))));
t36=FMA(t3,t76,FMA(t1,t69,t36));
t37=FMA(t2,t73,FMA(t1,t70,t37));
t38=FMA(t3,t77,FMA(t2,t74,FMA(t1,t71,t38)));
t40=FMA(t3,t79,FMA(t1,t72,t40));
t34=FMA(t7,t75,FMA(t6,t74,FMA(t5,t73,t34)));
t39=FMA(t3,t78,FMA(t2,t75,t39));
t35=FMA(t8,t79,FMA(t7,t78,FMA(t6,t77,FMA(t4,t76,t35))));
V t80=MUL(K(7),t65);
V t81=MUL(K(2),t64);
V t82=MUL(K(6),t65);
V t83=MUL(K(6),t63);
V t84=MUL(K(39),t63);
V t85=MUL(K(2),t65);
V t86=MUL(K(11),t64);
V t87=MUL(K(8),t63);
V t88=MUL(K(23),t63);
V t89=MUL(K(9),t63);
V t90=MUL(K(12),t64);
V t91=MUL(K(9),t65);
V t92=MUL(K(2),t63);
V t93=MUL(K(8),t65);
V t94=MUL(K(11),t64);
V t95=MUL(K(2),t65);
V t96=MUL(K(7),t63);
V t97=MUL(K(10),t63);
V t98=MUL(K(6),t65);
V t99=MUL(K(2),t64);
V t100=MUL(K(7),t65);
t36=FMA(t15,t84,FMA(t13,t83,FMA(t11,t82,FMA(t10,t81,FMA(t9,t80,t36)))));
t41=FMA(t8,t96,FMA(t4,t80,t41));
t42=FMA(t7,t92,FMA(t5,t85,FMA(t4,t81,t42)));
t43=FMA(t8,t97,FMA(t6,t89,FMA(t5,t86,FMA(t4,t82,t43))));
t45=FMA(t8,t98,FMA(t7,t94,FMA(t6,t91,FMA(t4,t83,t45))));
t47=FMA(t8,t100,FMA(t4,t84,t47));
t37=FMA(t14,t88,FMA(t12,t87,FMA(t11,t86,FMA(t10,t85,t37))));
t44=FMA(t7,t93,FMA(t6,t90,FMA(t5,t87,t44)));
t46=FMA(t8,t99,FMA(t7,t95,FMA(t5,t88,t46)));
t38=FMA(t13,t91,FMA(t12,t90,FMA(t11,t89,t38)));
t39=FMA(t14,t95,FMA(t13,t94,FMA(t12,t93,FMA(t10,t92,t39))));
t40=FMA(t15,t100,FMA(t14,t99,FMA(t13,t98,FMA(t11,t97,FMA(t9,t96,t40)))));
V t101=LOAD(da,0);
V t102=ADD(t101,t32);
STORE(da,0,t102);
V t103=LOAD(da,1);
V t104=ADD(t103,t33);
STORE(da,1,t104);
V t105=LOAD(da,2);
V t106=ADD(t105,t34);
STORE(da,2,t106);
V t107=LOAD(da,3);
V t108=ADD(t107,t35);
STORE(da,3,t108);
V t109=LOAD(da,4);
V t110=ADD(t109,t36);
STORE(da,4,t110);
V t111=LOAD(da,5);
V t112=ADD(t111,t37);
STORE(da,5,t112);
V t113=LOAD(da,6);
V t114=ADD(t113,t38);
STORE(da,6,t114);
V t115=LOAD(da,7);
V t116=ADD(t115,t39);
STORE(da,7,t116);
V t117=LOAD(da,8);
V t118=ADD(t117,t40);
STORE(da,8,t118);
V t119=LOAD(da,9);
V t120=ADD(t119,t41);
STORE(da,9,t120);
V t121=LOAD(da,10);
V t122=ADD(t121,t42);
STORE(da,10,t122);
V t123=LOAD(da,11);
V t124=ADD(t123,t43);
STORE(da,11,t124);
V t125=LOAD(da,12);
V t126=ADD(t125,t44);
STORE(da,12,t126);
V t127=LOAD(da,13);
V t128=ADD(t127,t45);
STORE(da,13,t128);
V t129=LOAD(da,14);
V t130=ADD(t129,t46);
STORE(da,14,t130);
V t131=LOAD(da,15);
V t132=ADD(t131,t47);
STORE(da,15,t132);
}
};

struct Backward2 {
static constexpr int weights = 23;
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {11, 12, 13, 14, 15, 25, 26, 35, 36, 37, 38, 39, 47, 48, 49, 53, 54, 55, 63, 64, 65, 66, 67};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[23]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
V t32=ZERO;
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
V t39=ZERO;
V t40=ZERO;
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=MUL(t0,t4);
V t49=MUL(t0,t5);
V t50=MUL(t0,t6);
V t51=MUL(t0,t7);
V t52=MUL(t0,t8);
V t53=MUL(t1,MUL(K(34),t3));
V t54=MUL(t1,MUL(K(34),t2));
V t55=FMA(t3,MUL(K(15),t3),FMA(t2,MUL(K(16),t2),MUL(t1,MUL(K(15),t1))));
V t56=MUL(t2,MUL(K(34),t3));
V t57=FMA(t3,MUL(K(14),t3),MUL(t1,MUL(K(17),t1)));
V t58=FMA(t3,FNMA(K(27),t11,MUL(K(18),t9)),FMA(t2,MUL(K(19),t10),MUL(t1,FNMA(K(18),t15,MUL(K(20),t13)))));
V t59=FMA(t3,MUL(K(19),t10),FMA(t2,MUL(K(22),t11),MUL(t1,FNMA(K(19),t14,MUL(K(23),t12)))));
V t60=FMA(t3,MUL(K(25),t13),FMA(t2,MUL(K(26),t12),MUL(t1,MUL(K(25),t11))));
V t61=FMA(t3,FMA(K(19),t14,MUL(K(23),t12)),FMA(t2,MUL(K(22),t13),MUL(t1,MUL(K(19),t10))));
V t62=FMA(t3,FMA(K(18),t15,MUL(K(20),t13)),FMA(t2,MUL(K(19),t14),MUL(t1,FMA(K(27),t11,MUL(K(18),t9)))));
V t63=FMA(t5,MUL(K(36),t7),MUL(t4,MUL(K(35),t6)));
V t64=FMA(t5,FNMA(K(36),t8,MUL(K(25),t6)),MUL(t4,MUL(K(36),t7)));
V t65=FMA(t8,MUL(K(37),t8),FMA(t7,MUL(K(38),t7),FMA(t6,MUL(K(25),t6),FMA(t5,MUL(K(38),t5),MUL(t4,MUL(K(37),t4))))));
V t66=FMA(t7,MUL(K(36),t8),FMA(t6,MUL(K(25),t7),MUL(t4,MUL(K(36),t5))));
V t67=FMA(t7,MUL(K(7),t7),FMA(t6,MUL(K(35),t8),MUL(t5,MUL(K(39),t5))));
V t68=FMA(t11,FMA(K(19),t15,MUL(K(41),t13)),FMA(t10,MUL(K(40),t12),MUL(t9,MUL(K(24),t13))));
V t69=FMA(t11,FNMA(K(18),t14,MUL(K(43),t12)),FMA(t10,FNMA(K(42),t15,MUL(K(18),t13)),MUL(t9,MUL(K(42),t14))));
V t70=FMA(t15,MUL(K(44),t15),FMA(t13,MUL(K(45),t13),FMA(t12,MUL(K(46),t12),FMA(t11,MUL(K(45),t11),MUL(t9,MUL(K(44),t9))))));
V t71=FMA(t14,MUL(K(42),t15),FMA(t13,MUL(K(18),t14),FMA(t12,MUL(K(43),t13),FMA(t10,MUL(K(18),t11),MUL(t9,MUL(K(42),t10))))));
V t72=FMA(t13,FNMA(K(19),t15,MUL(K(2),t13)),FMA(t12,MUL(K(40),t14),FMA(t11,MUL(K(23),t11),MUL(t9,MUL(K(24),t11)))));
V t73=ZERO;
V t74=ZERO;
V t75=ZERO;
V t76=ZERO;
V t77=ZERO;
V t78=ZERO;
V t79=ZERO;
V t80=ZERO;
V t81=ZERO;
V t82=ZERO;
V t83=ZERO;
V t84=ZERO;
V t85=ZERO;
V t86=ZERO;
V t87=ZERO;
V t88=ZERO;
V t89=ZERO;
V t90=ZERO;
V t91=ZERO;
V t92=ZERO;
V t93=ZERO;
V t94=ZERO;
V t95=ZERO;
V t96=ZERO;
V t97=ZERO;
if (CORRELATION>1 and OUTPUTS>>2&1) {
V t98=LOAD(w,11);
t73=FMA(t98,t20,t73);
t74=FMA(t98,t21,t74);
t75=FMA(t98,t22,t75);
t76=FMA(t98,t23,t76);
t77=FMA(t98,t24,t77);
sum[0]=FMA(t24,t52,FMA(t23,t51,FMA(t22,t50,FMA(t21,t49,FMA(t20,t48,sum[0])))));
V t99=LOAD(w,12);
t78=FMA(t99,t20,t78);
t79=FMA(t99,t21,t79);
t80=FMA(t99,t22,t80);
t81=FMA(t99,t23,t81);
t82=FMA(t99,t24,t82);
sum[1]=FMA(t24,t57,FMA(t23,t56,FMA(t22,t55,FMA(t21,t54,FMA(t20,t53,sum[1])))));
V t100=LOAD(w,13);
t83=FMA(t100,t20,t83);
t84=FMA(t100,t21,t84);
t85=FMA(t100,t22,t85);
t86=FMA(t100,t23,t86);
t87=FMA(t100,t24,t87);
sum[2]=FMA(t24,t62,FMA(t23,t61,FMA(t22,t60,FMA(t21,t59,FMA(t20,t58,sum[2])))));
V t101=LOAD(w,14);
t88=FMA(t101,t20,t88);
t89=FMA(t101,t21,t89);
t90=FMA(t101,t22,t90);
t91=FMA(t101,t23,t91);
t92=FMA(t101,t24,t92);
sum[3]=FMA(t24,t67,FMA(t23,t66,FMA(t22,t65,FMA(t21,t64,FMA(t20,t63,sum[3])))));
V t102=LOAD(w,15);
t93=FMA(t102,t20,t93);
t94=FMA(t102,t21,t94);
t95=FMA(t102,t22,t95);
t96=FMA(t102,t23,t96);
t97=FMA(t102,t24,t97);
sum[4]=FMA(t24,t72,FMA(t23,t71,FMA(t22,t70,FMA(t21,t69,FMA(t20,t68,sum[4])))));
}
if (CORRELATION>2 and OUTPUTS>>0&1) {
V t98=LOAD(w,25);
V t99=LOAD(w,26);
V t100=FMA(t99,t68,MUL(t98,t63));
V t101=FMA(t99,t69,MUL(t98,t64));
V t102=FMA(t99,t70,MUL(t98,t65));
V t103=FMA(t99,t71,MUL(t98,t66));
V t104=FMA(t99,t72,MUL(t98,t67));
V t105=MUL(K(1),t16);
t36=FMA(t100,t105,t36);
V t106=MUL(K(1),t16);
t37=FMA(t101,t106,t37);
V t107=MUL(K(1),t16);
t38=FMA(t102,t107,t38);
V t108=MUL(K(1),t16);
t39=FMA(t103,t108,t39);
V t109=MUL(K(1),t16);
t40=FMA(t104,t109,t40);
V t110=MUL(t4,t105);
V t111=MUL(t5,t106);
V t112=MUL(t6,t107);
V t113=MUL(t7,t108);
V t114=MUL(t8,t109);
V t115=LOAD(w,25);
t88=FMA(t115,t110,t88);
t89=FMA(t115,t111,t89);
t90=FMA(t115,t112,t90);
t91=FMA(t115,t113,t91);
t92=FMA(t115,t114,t92);
sum[5]=FMA(t114,t67,FMA(t113,t66,FMA(t112,t65,FMA(t111,t64,FMA(t110,t63,sum[5])))));
V t116=LOAD(w,26);
t93=FMA(t116,t110,t93);
t94=FMA(t116,t111,t94);
t95=FMA(t116,t112,t95);
t96=FMA(t116,t113,t96);
t97=FMA(t116,t114,t97);
sum[6]=FMA(t114,t72,FMA(t113,t71,FMA(t112,t70,FMA(t111,t69,FMA(t110,t68,sum[6])))));
}
if (CORRELATION>2 and OUTPUTS>>1&1) {
V t98=LOAD(w,35);
V t99=LOAD(w,36);
V t100=LOAD(w,37);
V t101=LOAD(w,38);
V t102=FMA(t101,t68,FMA(t100,t63,FMA(t99,t58,MUL(t98,t53))));
V t103=FMA(t101,t69,FMA(t100,t64,FMA(t99,t59,MUL(t98,t54))));
V t104=FMA(t101,t70,FMA(t100,t65,FMA(t99,t60,MUL(t98,t55))));
V t105=FMA(t101,t71,FMA(t100,t66,FMA(t99,t61,MUL(t98,t56))));
V t106=FMA(t101,t72,FMA(t100,t67,FMA(t99,t62,MUL(t98,t57))));
V t107=MUL(K(7),t19);
V t108=MUL(K(7),t17);
t41=FMA(t106,t108,FMA(t102,t107,t41));
V t109=MUL(K(2),t18);
V t110=MUL(K(2),t19);
V t111=MUL(K(2),t17);
t42=FMA(t105,t111,FMA(t103,t110,FMA(t102,t109,t42)));
V t112=MUL(K(6),t19);
V t113=MUL(K(11),t18);
V t114=MUL(K(9),t17);
V t115=MUL(K(10),t17);
t43=FMA(t106,t115,FMA(t104,t114,FMA(t103,t113,FMA(t102,t112,t43))));
V t116=MUL(K(8),t17);
V t117=MUL(K(12),t18);
V t118=MUL(K(8),t19);
t44=FMA(t105,t118,FMA(t104,t117,FMA(t103,t116,t44)));
V t119=MUL(K(6),t17);
V t120=MUL(K(9),t19);
V t121=MUL(K(11),t18);
V t122=MUL(K(6),t19);
t45=FMA(t106,t122,FMA(t105,t121,FMA(t104,t120,FMA(t102,t119,t45))));
V t123=MUL(K(23),t17);
V t124=MUL(K(2),t19);
V t125=MUL(K(2),t18);
t46=FMA(t106,t125,FMA(t105,t124,FMA(t103,t123,t46)));
V t126=MUL(K(39),t17);
V t127=MUL(K(7),t19);
t47=FMA(t106,t127,FMA(t102,t126,t47));
V t128=FMA(t15,t126,FMA(t13,t119,FMA(t11,t112,FMA(t10,t109,MUL(t9,t107)))));
V t129=FMA(t14,t123,FMA(t12,t116,FMA(t11,t113,MUL(t10,t110))));
V t130=FMA(t13,t120,FMA(t12,t117,MUL(t11,t114)));
V t131=FMA(t14,t124,FMA(t13,t121,FMA(t12,t118,MUL(t10,t111))));
V t132=FMA(t15,t127,FMA(t14,t125,FMA(t13,t122,FMA(t11,t115,MUL(t9,t108)))));
V t133=LOAD(w,35);
t78=FMA(t133,t128,t78);
t79=FMA(t133,t129,t79);
t80=FMA(t133,t130,t80);
t81=FMA(t133,t131,t81);
t82=FMA(t133,t132,t82);
sum[7]=FMA(t132,t57,FMA(t131,t56,FMA(t130,t55,FMA(t129,t54,FMA(t128,t53,sum[7])))));
V t134=LOAD(w,36);
t83=FMA(t134,t128,t83);
t84=FMA(t134,t129,t84);
t85=FMA(t134,t130,t85);
t86=FMA(t134,t131,t86);
t87=FMA(t134,t132,t87);
sum[8]=FMA(t132,t62,FMA(t131,t61,FMA(t130,t60,FMA(t129,t59,FMA(t128,t58,sum[8])))));
V t135=LOAD(w,37);
t88=FMA(t135,t128,t88);
t89=FMA(t135,t129,t89);
t90=FMA(t135,t130,t90);
t91=FMA(t135,t131,t91);
t92=FMA(t135,t132,t92);
sum[9]=FMA(t132,t67,FMA(t131,t66,FMA(t130,t65,FMA(t129,t64,FMA(t128,t63,sum[9])))));
V t136=LOAD(w,38);
t93=FMA(t136,t128,t93);
t94=FMA(t136,t129,t94);
t95=FMA(t136,t130,t95);
t96=FMA(t136,t131,t96);
t97=FMA(t136,t132,t97);
sum[10]=FMA(t132,t72,FMA(t131,t71,FMA(t130,t70,FMA(t129,t69,FMA(t128,t68,sum[10])))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t98=LOAD(w,39);
V t99=MUL(t98,t68);
V t100=MUL(t98,t69);
V t101=MUL(t98,t70);
V t102=MUL(t98,t71);
V t103=MUL(t98,t72);
V t104=t20;
V t105=t21;
V t106=t22;
V t107=t23;
V t108=t24;
t32=FMA(t103,t108,FMA(t102,t107,FMA(t101,t106,FMA(t100,t105,FMA(t99,t104,t32)))));
V t109=MUL(t0,t104);
V t110=MUL(t0,t105);
V t111=MUL(t0,t106);
V t112=MUL(t0,t107);
V t113=MUL(t0,t108);
V t114=LOAD(w,39);
t93=FMA(t114,t109,t93);
t94=FMA(t114,t110,t94);
t95=FMA(t114,t111,t95);
t96=FMA(t114,t112,t96);
t97=FMA(t114,t113,t97);
sum[11]=FMA(t113,t72,FMA(t112,t71,FMA(t111,t70,FMA(t110,t69,FMA(t109,t68,sum[11])))));
}
if (CORRELATION>2 and OUTPUTS>>2&1) {
V t98=LOAD(w,47);
V t99=LOAD(w,48);
V t100=LOAD(w,49);
V t101=FMA(t100,t68,FMA(t99,t58,MUL(t98,t48)));
V t102=FMA(t100,t69,FMA(t99,t59,MUL(t98,t49)));
V t103=FMA(t100,t70,FMA(t99,t60,MUL(t98,t50)));
V t104=FMA(t100,t71,FMA(t99,t61,MUL(t98,t51)));
V t105=FMA(t100,t72,FMA(t99,t62,MUL(t98,t52)));
V t106=MUL(K(37),t22);
V t107=MUL(K(7),t23);
V t108=MUL(K(37),t20);
V t109=MUL(K(7),t21);
t36=FMA(t104,t109,FMA(t103,t108,FMA(t102,t107,FMA(t101,t106,t36))));
V t110=MUL(K(7),t23);
V t111=FNMA(K(7),t24,MUL(K(38),t22));
V t112=MUL(K(38),t21);
V t113=MUL(K(7),t20);
V t114=MUL(K(39),t21);
t37=FMA(t105,t114,FMA(t104,t113,FMA(t103,t112,FMA(t102,t111,FMA(t101,t110,t37)))));
V t115=MUL(K(37),t20);
V t116=MUL(K(38),t21);
V t117=MUL(K(25),t22);
V t118=MUL(K(38),t23);
V t119=MUL(K(37),t24);
t38=FMA(t105,t119,FMA(t104,t118,FMA(t103,t117,FMA(t102,t116,FMA(t101,t115,t38)))));
V t120=MUL(K(7),t21);
V t121=MUL(K(7),t20);
V t122=MUL(K(38),t23);
V t123=FMA(K(7),t24,MUL(K(38),t22));
V t124=MUL(K(7),t23);
t39=FMA(t105,t124,FMA(t104,t123,FMA(t103,t122,FMA(t102,t121,FMA(t101,t120,t39)))));
V t125=MUL(K(39),t21);
V t126=MUL(K(37),t24);
V t127=MUL(K(7),t23);
V t128=MUL(K(37),t22);
t40=FMA(t105,t128,FMA(t104,t127,FMA(t103,t126,FMA(t102,t125,t40))));
V t129=FMA(t7,t120,FMA(t6,t115,FMA(t5,t110,MUL(t4,t106))));
V t130=FMA(t8,t125,FMA(t7,t121,FMA(t6,t116,FMA(t5,t111,MUL(t4,t107)))));
V t131=FMA(t8,t126,FMA(t7,t122,FMA(t6,t117,FMA(t5,t112,MUL(t4,t108)))));
V t132=FMA(t8,t127,FMA(t7,t123,FMA(t6,t118,FMA(t5,t113,MUL(t4,t109)))));
V t133=FMA(t8,t128,FMA(t7,t124,FMA(t6,t119,MUL(t5,t114))));
V t134=LOAD(w,47);
t73=FMA(t134,t129,t73);
t74=FMA(t134,t130,t74);
t75=FMA(t134,t131,t75);
t76=FMA(t134,t132,t76);
t77=FMA(t134,t133,t77);
sum[12]=FMA(t133,t52,FMA(t132,t51,FMA(t131,t50,FMA(t130,t49,FMA(t129,t48,sum[12])))));
V t135=LOAD(w,48);
t83=FMA(t135,t129,t83);
t84=FMA(t135,t130,t84);
t85=FMA(t135,t131,t85);
t86=FMA(t135,t132,t86);
t87=FMA(t135,t133,t87);
sum[13]=FMA(t133,t62,FMA(t132,t61,FMA(t131,t60,FMA(t130,t59,FMA(t129,t58,sum[13])))));
V t136=LOAD(w,49);
t93=FMA(t136,t129,t93);
t94=FMA(t136,t130,t94);
t95=FMA(t136,t131,t95);
t96=FMA(t136,t132,t96);
t97=FMA(t136,t133,t97);
sum[14]=FMA(t133,t72,FMA(t132,t71,FMA(t131,t70,FMA(t130,t69,FMA(t129,t68,sum[14])))));
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t98=LOAD(w,53);
V t99=LOAD(w,54);
V t100=LOAD(w,55);
V t101=FMA(t100,t68,FMA(t99,t63,MUL(t98,t53)));
V t102=FMA(t100,t69,FMA(t99,t64,MUL(t98,t54)));
V t103=FMA(t100,t70,FMA(t99,t65,MUL(t98,t55)));
V t104=FMA(t100,t71,FMA(t99,t66,MUL(t98,t56)));
V t105=FMA(t100,t72,FMA(t99,t67,MUL(t98,t57)));
V t106=FNMA(K(14),t31,MUL(K(28),t29));
V t107=FNMA(K(0),t30,MUL(K(31),t28));
V t108=MUL(K(5),t27);
V t109=MUL(K(0),t26);
V t110=FMA(K(30),t27,MUL(K(14),t25));
t33=FMA(t105,t110,FMA(t104,t109,FMA(t103,t108,FMA(t102,t107,FMA(t101,t106,t33)))));
V t111=MUL(K(0),t26);
V t112=MUL(K(29),t27);
V t113=MUL(K(32),t28);
V t114=MUL(K(29),t29);
V t115=MUL(K(0),t30);
t34=FMA(t105,t115,FMA(t104,t114,FMA(t103,t113,FMA(t102,t112,FMA(t101,t111,t34)))));
V t116=FNMA(K(30),t27,MUL(K(14),t25));
V t117=MUL(K(0),t26);
V t118=MUL(K(5),t29);
V t119=FMA(K(0),t30,MUL(K(31),t28));
V t120=FMA(K(14),t31,MUL(K(28),t29));
t35=FMA(t105,t120,FMA(t104,t119,FMA(t103,t118,FMA(t102,t117,FMA(t101,t116,t35)))));
V t121=FMA(t3,t116,FMA(t2,t111,MUL(t1,t106)));
V t122=FMA(t3,t117,FMA(t2,t112,MUL(t1,t107)));
V t123=FMA(t3,t118,FMA(t2,t113,MUL(t1,t108)));
V t124=FMA(t3,t119,FMA(t2,t114,MUL(t1,t109)));
V t125=FMA(t3,t120,FMA(t2,t115,MUL(t1,t110)));
V t126=LOAD(w,53);
t78=FMA(t126,t121,t78);
t79=FMA(t126,t122,t79);
t80=FMA(t126,t123,t80);
t81=FMA(t126,t124,t81);
t82=FMA(t126,t125,t82);
sum[15]=FMA(t125,t57,FMA(t124,t56,FMA(t123,t55,FMA(t122,t54,FMA(t121,t53,sum[15])))));
V t127=LOAD(w,54);
t88=FMA(t127,t121,t88);
t89=FMA(t127,t122,t89);
t90=FMA(t127,t123,t90);
t91=FMA(t127,t124,t91);
t92=FMA(t127,t125,t92);
sum[16]=FMA(t125,t67,FMA(t124,t66,FMA(t123,t65,FMA(t122,t64,FMA(t121,t63,sum[16])))));
V t128=LOAD(w,55);
t93=FMA(t128,t121,t93);
t94=FMA(t128,t122,t94);
t95=FMA(t128,t123,t95);
t96=FMA(t128,t124,t96);
t97=FMA(t128,t125,t97);
sum[17]=FMA(t125,t72,FMA(t124,t71,FMA(t123,t70,FMA(t122,t69,FMA(t121,t68,sum[17])))));
}
if (CORRELATION>2 and OUTPUTS>>3&1) {
V t98=LOAD(w,63);
V t99=LOAD(w,64);
V t100=LOAD(w,65);
V t101=LOAD(w,66);
V t102=LOAD(w,67);
V t103=FMA(t102,t68,FMA(t101,t63,FMA(t100,t58,FMA(t99,t53,MUL(t98,t48)))));
V t104=FMA(t102,t69,FMA(t101,t64,FMA(t100,t59,FMA(t99,t54,MUL(t98,t49)))));
V t105=FMA(t102,t70,FMA(t101,t65,FMA(t100,t60,FMA(t99,t55,MUL(t98,t50)))));
V t106=FMA(t102,t71,FMA(t101,t66,FMA(t100,t61,FMA(t99,t56,MUL(t98,t51)))));
V t107=FMA(t102,t72,FMA(t101,t67,FMA(t100,t62,FMA(t99,t57,MUL(t98,t52)))));
V t108=MUL(K(49),t29);
V t109=MUL(K(48),t30);
V t110=MUL(K(47),t25);
V t111=MUL(K(48),t26);
V t112=MUL(K(49),t27);
t41=FMA(t107,t112,FMA(t106,t111,FMA(t105,t110,FMA(t104,t109,FMA(t103,t108,t41)))));
V t113=MUL(K(33),t28);
V t114=FNMA(K(48),t31,MUL(K(50),t29));
V t115=FMA(K(50),t27,MUL(K(48),t25));
t42=FMA(t106,t115,FMA(t104,t114,FMA(t103,t113,t42)));
V t116=FMA(K(54),t31,MUL(K(1),t29));
V t117=FNMA(K(50),t30,MUL(K(30),t28));
V t118=MUL(K(52),t27);
V t119=MUL(K(50),t26);
V t120=FNMA(K(1),t27,MUL(K(49),t25));
t43=FMA(t107,t120,FMA(t106,t119,FMA(t105,t118,FMA(t104,t117,FMA(t103,t116,t43)))));
V t121=MUL(K(33),t26);
V t122=MUL(K(30),t27);
V t123=MUL(K(55),t28);
V t124=MUL(K(30),t29);
V t125=MUL(K(33),t30);
t44=FMA(t107,t125,FMA(t106,t124,FMA(t105,t123,FMA(t104,t122,FMA(t103,t121,t44)))));
V t126=FMA(K(1),t27,MUL(K(49),t25));
V t127=MUL(K(50),t26);
V t128=MUL(K(52),t29);
V t129=FMA(K(50),t30,MUL(K(30),t28));
V t130=FNMA(K(54),t31,MUL(K(1),t29));
t45=FMA(t107,t130,FMA(t106,t129,FMA(t105,t128,FMA(t104,t127,FMA(t103,t126,t45)))));
V t131=FNMA(K(50),t27,MUL(K(48),t25));
V t132=FMA(K(48),t31,MUL(K(50),t29));
V t133=MUL(K(33),t28);
t46=FMA(t107,t133,FMA(t106,t132,FMA(t104,t131,t46)));
V t134=MUL(K(54),t27);
V t135=MUL(K(51),t26);
V t136=MUL(K(47),t31);
V t137=MUL(K(48),t30);
V t138=MUL(K(49),t29);
t47=FMA(t107,t138,FMA(t106,t137,FMA(t105,t136,FMA(t104,t135,FMA(t103,t134,t47)))));
V t139=FMA(t15,t134,FMA(t13,t126,FMA(t12,t121,FMA(t11,t116,FMA(t10,t113,MUL(t9,t108))))));
V t140=FMA(t15,t135,FMA(t14,t131,FMA(t13,t127,FMA(t12,t122,FMA(t11,t117,FMA(t10,t114,MUL(t9,t109)))))));
V t141=FMA(t15,t136,FMA(t13,t128,FMA(t12,t123,FMA(t11,t118,MUL(t9,t110)))));
V t142=FMA(t15,t137,FMA(t14,t132,FMA(t13,t129,FMA(t12,t124,FMA(t11,t119,FMA(t10,t115,MUL(t9,t111)))))));
V t143=FMA(t15,t138,FMA(t14,t133,FMA(t13,t130,FMA(t12,t125,FMA(t11,t120,MUL(t9,t112))))));
V t144=LOAD(w,63);
t73=FMA(t144,t139,t73);
t74=FMA(t144,t140,t74);
t75=FMA(t144,t141,t75);
t76=FMA(t144,t142,t76);
t77=FMA(t144,t143,t77);
sum[18]=FMA(t143,t52,FMA(t142,t51,FMA(t141,t50,FMA(t140,t49,FMA(t139,t48,sum[18])))));
V t145=LOAD(w,64);
t78=FMA(t145,t139,t78);
t79=FMA(t145,t140,t79);
t80=FMA(t145,t141,t80);
t81=FMA(t145,t142,t81);
t82=FMA(t145,t143,t82);
sum[19]=FMA(t143,t57,FMA(t142,t56,FMA(t141,t55,FMA(t140,t54,FMA(t139,t53,sum[19])))));
V t146=LOAD(w,65);
t83=FMA(t146,t139,t83);
t84=FMA(t146,t140,t84);
t85=FMA(t146,t141,t85);
t86=FMA(t146,t142,t86);
t87=FMA(t146,t143,t87);
sum[20]=FMA(t143,t62,FMA(t142,t61,FMA(t141,t60,FMA(t140,t59,FMA(t139,t58,sum[20])))));
V t147=LOAD(w,66);
t88=FMA(t147,t139,t88);
t89=FMA(t147,t140,t89);
t90=FMA(t147,t141,t90);
t91=FMA(t147,t142,t91);
t92=FMA(t147,t143,t92);
sum[21]=FMA(t143,t67,FMA(t142,t66,FMA(t141,t65,FMA(t140,t64,FMA(t139,t63,sum[21])))));
V t148=LOAD(w,67);
t93=FMA(t148,t139,t93);
t94=FMA(t148,t140,t94);
t95=FMA(t148,t141,t95);
t96=FMA(t148,t142,t96);
t97=FMA(t148,t143,t97);
sum[22]=FMA(t143,t72,FMA(t142,t71,FMA(t141,t70,FMA(t140,t69,FMA(t139,t68,sum[22])))));
}
V t98=t73;
V t99=t74;
V t100=t75;
V t101=t76;
V t102=t77;
t32=FMA(t8,t102,FMA(t7,t101,FMA(t6,t100,FMA(t5,t99,FMA(t4,t98,t32)))));
t36=FMA(t0,t98,t36);
t37=FMA(t0,t99,t37);
t38=FMA(t0,t100,t38);
t39=FMA(t0,t101,t39);
t40=FMA(t0,t102,t40);
V t103=FNMA(K(34),t82,MUL(K(59),t80));
V t104=MUL(K(34),t79);
V t105=MUL(K(34),t78);
V t106=MUL(K(60),t80);
V t107=MUL(K(34),t81);
V t108=FMA(K(34),t82,MUL(K(59),t80));
t33=FMA(t3,t105,FMA(t2,t104,FMA(t1,t103,t33)));
t34=FMA(t3,t107,FMA(t2,t106,FMA(t1,t104,t34)));
t35=FMA(t3,t108,FMA(t2,t107,FMA(t1,t105,t35)));
V t109=MUL(K(18),t87);
V t110=MUL(K(19),t86);
V t111=FMA(K(27),t87,MUL(K(25),t85));
V t112=MUL(K(23),t84);
V t113=MUL(K(20),t83);
V t114=MUL(K(24),t84);
V t115=MUL(K(21),t83);
V t116=MUL(K(19),t83);
V t117=MUL(K(22),t84);
V t118=MUL(K(26),t85);
V t119=MUL(K(22),t86);
V t120=MUL(K(19),t87);
V t121=MUL(K(18),t83);
V t122=MUL(K(19),t84);
V t123=MUL(K(20),t83);
V t124=MUL(K(23),t86);
V t125=FNMA(K(27),t87,MUL(K(25),t85));
V t126=MUL(K(19),t86);
V t127=MUL(K(18),t87);
t33=FMA(t15,t115,FMA(t14,t114,FMA(t13,t113,FMA(t12,t112,FMA(t11,t111,FMA(t10,t110,FMA(t9,t109,t33)))))));
t41=FMA(t3,t121,FMA(t1,t109,t41));
t42=FMA(t3,t122,FMA(t2,t116,FMA(t1,t110,t42)));
t43=FMA(t3,t123,FMA(t2,t117,FMA(t1,t111,t43)));
t44=FMA(t3,t124,FMA(t2,t118,FMA(t1,t112,t44)));
t45=FMA(t3,t125,FMA(t2,t119,FMA(t1,t113,t45)));
t46=FMA(t3,t126,FMA(t2,t120,FMA(t1,t114,t46)));
t47=FMA(t3,t127,FMA(t1,t115,t47));
t34=FMA(t14,t120,FMA(t13,t119,FMA(t12,t118,FMA(t11,t117,FMA(t10,t116,t34)))));
t35=FMA(t15,t127,FMA(t14,t126,FMA(t13,t125,FMA(t12,t124,FMA(t11,t123,FMA(t10,t122,FMA(t9,t121,t35)))))));
V t128=MUL(K(35),t90);
V t129=MUL(K(36),t91);
V t130=MUL(K(35),t88);
V t131=MUL(K(36),t89);
V t132=FNMA(K(36),t92,MUL(K(25),t90));
V t133=MUL(K(25),t89);
V t134=MUL(K(36),t88);
V t135=MUL(K(61),t89);
V t136=MUL(K(62),t90);
V t137=MUL(K(25),t91);
V t138=MUL(K(35),t92);
V t139=FMA(K(36),t92,MUL(K(25),t90));
V t140=MUL(K(36),t91);
V t141=MUL(K(35),t90);
t36=FMA(t7,t131,FMA(t6,t130,FMA(t5,t129,FMA(t4,t128,t36))));
t37=FMA(t8,t135,FMA(t7,t134,FMA(t6,t133,FMA(t5,t132,FMA(t4,t129,t37)))));
t38=FMA(t8,t138,FMA(t7,t137,FMA(t6,t136,FMA(t5,t133,FMA(t4,t130,t38)))));
t39=FMA(t8,t140,FMA(t7,t139,FMA(t6,t137,FMA(t5,t134,FMA(t4,t131,t39)))));
t40=FMA(t8,t141,FMA(t7,t140,FMA(t6,t138,FMA(t5,t135,t40))));
V t142=MUL(K(63),t95);
V t143=MUL(K(42),t96);
V t144=MUL(K(24),t97);
V t145=MUL(K(24),t93);
V t146=MUL(K(42),t94);
V t147=MUL(K(18),t96);
V t148=MUL(K(40),t93);
V t149=MUL(K(18),t94);
V t150=MUL(K(64),t94);
V t151=FNMA(K(41),t97,MUL(K(26),t95));
V t152=MUL(K(43),t94);
V t153=MUL(K(41),t93);
V t154=MUL(K(21),t94);
V t155=MUL(K(19),t93);
V t156=MUL(K(65),t95);
V t157=MUL(K(43),t96);
V t158=MUL(K(40),t97);
V t159=FMA(K(41),t97,MUL(K(26),t95));
V t160=MUL(K(18),t96);
V t161=MUL(K(24),t97);
V t162=MUL(K(42),t96);
V t163=MUL(K(63),t95);
t41=FMA(t14,t146,FMA(t13,t145,FMA(t11,t144,FMA(t10,t143,FMA(t9,t142,t41)))));
t42=FMA(t15,t150,FMA(t13,t149,FMA(t12,t148,FMA(t11,t147,FMA(t9,t143,t42)))));
t43=FMA(t15,t155,FMA(t14,t154,FMA(t13,t153,FMA(t12,t152,FMA(t11,t151,FMA(t10,t147,FMA(t9,t144,t43)))))));
t45=FMA(t15,t161,FMA(t14,t160,FMA(t13,t159,FMA(t12,t157,FMA(t11,t153,FMA(t10,t149,FMA(t9,t145,t45)))))));
t46=FMA(t15,t162,FMA(t13,t160,FMA(t12,t158,FMA(t11,t154,FMA(t9,t146,t46)))));
t44=FMA(t14,t158,FMA(t13,t157,FMA(t12,t156,FMA(t11,t152,FMA(t10,t148,t44)))));
t47=FMA(t15,t163,FMA(t14,t162,FMA(t13,t161,FMA(t11,t155,FMA(t10,t150,t47)))));
V t164=LOAD(da,0);
V t165=ADD(t164,t32);
STORE(da,0,t165);
V t166=LOAD(da,1);
V t167=ADD(t166,t33);
STORE(da,1,t167);
V t168=LOAD(da,2);
V t169=ADD(t168,t34);
STORE(da,2,t169);
V t170=LOAD(da,3);
V t171=ADD(t170,t35);
STORE(da,3,t171);
V t172=LOAD(da,4);
V t173=ADD(t172,t36);
STORE(da,4,t173);
V t174=LOAD(da,5);
V t175=ADD(t174,t37);
STORE(da,5,t175);
V t176=LOAD(da,6);
V t177=ADD(t176,t38);
STORE(da,6,t177);
V t178=LOAD(da,7);
V t179=ADD(t178,t39);
STORE(da,7,t179);
V t180=LOAD(da,8);
V t181=ADD(t180,t40);
STORE(da,8,t181);
V t182=LOAD(da,9);
V t183=ADD(t182,t41);
STORE(da,9,t183);
V t184=LOAD(da,10);
V t185=ADD(t184,t42);
STORE(da,10,t185);
V t186=LOAD(da,11);
V t187=ADD(t186,t43);
STORE(da,11,t187);
V t188=LOAD(da,12);
V t189=ADD(t188,t44);
STORE(da,12,t189);
V t190=LOAD(da,13);
V t191=ADD(t190,t45);
STORE(da,13,t191);
V t192=LOAD(da,14);
V t193=ADD(t192,t46);
STORE(da,14,t193);
V t194=LOAD(da,15);
V t195=ADD(t194,t47);
STORE(da,15,t195);
}
};

struct Backward3 {
static constexpr int weights = 3;
static constexpr bool first = false;
static constexpr __device__ int row(int i) {
constexpr int rows[] = {16, 17, 18};
return rows[i];
}
template <class T, int CORRELATION, int OUTPUTS>
PIECE void run(const T* FL_RESTRICT a, const T* FL_RESTRICT g, const T* FL_RESTRICT w, T* FL_RESTRICT da, int row, T (&sum)[3]) {
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
V t9=LOAD(a,9);
V t10=LOAD(a,10);
V t11=LOAD(a,11);
V t12=LOAD(a,12);
V t13=LOAD(a,13);
V t14=LOAD(a,14);
V t15=LOAD(a,15);
V t16=LOAD(g,0);
V t17=LOAD(g,1);
V t18=LOAD(g,2);
V t19=LOAD(g,3);
V t20=LOAD(g,4);
V t21=LOAD(g,5);
V t22=LOAD(g,6);
V t23=LOAD(g,7);
V t24=LOAD(g,8);
V t25=LOAD(g,9);
V t26=LOAD(g,10);
V t27=LOAD(g,11);
V t28=LOAD(g,12);
V t29=LOAD(g,13);
V t30=LOAD(g,14);
V t31=LOAD(g,15);
V t32=ZERO;
V t33=ZERO;
V t34=ZERO;
V t35=ZERO;
V t36=ZERO;
V t37=ZERO;
V t38=ZERO;
V t39=ZERO;
V t40=ZERO;
V t41=ZERO;
V t42=ZERO;
V t43=ZERO;
V t44=ZERO;
V t45=ZERO;
V t46=ZERO;
V t47=ZERO;
V t48=MUL(t0,t9);
V t49=MUL(t0,t10);
V t50=MUL(t0,t11);
V t51=MUL(t0,t12);
V t52=MUL(t0,t13);
V t53=MUL(t0,t14);
V t54=MUL(t0,t15);
V t55=FMA(t3,MUL(K(14),t4),MUL(t1,MUL(K(14),t8)));
V t56=FMA(t3,MUL(K(0),t5),FMA(t2,MUL(K(0),t4),MUL(t1,MUL(K(0),t7))));
V t57=FMA(t3,MUL(K(28),t4),FMA(t2,MUL(K(29),t5),MUL(t1,FMA(K(30),t8,MUL(K(5),t6)))));
V t58=FMA(t3,MUL(K(31),t7),FMA(t2,MUL(K(32),t6),MUL(t1,MUL(K(31),t5))));
V t59=FMA(t3,FNMA(K(30),t8,MUL(K(5),t6)),FMA(t2,MUL(K(29),t7),MUL(t1,MUL(K(28),t4))));
V t60=FMA(t3,MUL(K(0),t7),FMA(t2,MUL(K(0),t8),MUL(t1,MUL(K(33),t5))));
V t61=FMA(t3,MUL(K(14),t8),MUL(t1,MUL(K(17),t4)));
V t62=FMA(t8,MUL(K(49),t11),FMA(t7,MUL(K(48),t10),FMA(t6,MUL(K(47),t9),FMA(t5,MUL(K(48),t14),MUL(t4,MUL(K(49),t13))))));
V t63=FMA(t7,FMA(K(50),t11,MUL(K(48),t9)),FMA(t5,FNMA(K(48),t15,MUL(K(50),t13)),MUL(t4,MUL(K(33),t12))));
V t64=FMA(t8,FNMA(K(1),t11,MUL(K(49),t9)),FMA(t7,MUL(K(50),t10),FMA(t6,MUL(K(52),t11),FMA(t5,FNMA(K(50),t14,MUL(K(30),t12)),MUL(t4,FMA(K(54),t15,MUL(K(1),t13)))))));
V t65=FMA(t8,MUL(K(33),t14),FMA(t7,MUL(K(30),t13),FMA(t6,MUL(K(55),t12),FMA(t5,MUL(K(30),t11),MUL(t4,MUL(K(33),t10))))));
V t66=FMA(t8,FNMA(K(54),t15,MUL(K(1),t13)),FMA(t7,FMA(K(50),t14,MUL(K(30),t12)),FMA(t6,MUL(K(52),t13),FMA(t5,MUL(K(50),t10),MUL(t4,FMA(K(1),t11,MUL(K(49),t9)))))));
V t67=FMA(t8,MUL(K(33),t12),FMA(t7,FMA(K(48),t15,MUL(K(50),t13)),MUL(t5,FNMA(K(50),t11,MUL(K(48),t9)))));
V t68=FMA(t8,MUL(K(49),t13),FMA(t7,MUL(K(48),t14),FMA(t6,MUL(K(47),t15),FMA(t5,MUL(K(51),t10),MUL(t4,MUL(K(54),t11))))));
V t69=ZERO;
V t70=ZERO;
V t71=ZERO;
V t72=ZERO;
V t73=ZERO;
V t74=ZERO;
V t75=ZERO;
V t76=ZERO;
V t77=ZERO;
V t78=ZERO;
V t79=ZERO;
V t80=ZERO;
V t81=ZERO;
V t82=ZERO;
V t83=ZERO;
V t84=ZERO;
V t85=ZERO;
V t86=ZERO;
V t87=ZERO;
V t88=ZERO;
V t89=ZERO;
if (CORRELATION>1 and OUTPUTS>>3&1) {
V t90=LOAD(w,16);
t69=FMA(t90,t25,t69);
t70=FMA(t90,t26,t70);
t71=FMA(t90,t27,t71);
t72=FMA(t90,t28,t72);
t73=FMA(t90,t29,t73);
t74=FMA(t90,t30,t74);
t75=FMA(t90,t31,t75);
sum[0]=FMA(t31,t54,FMA(t30,t53,FMA(t29,t52,FMA(t28,t51,FMA(t27,t50,FMA(t26,t49,FMA(t25,t48,sum[0])))))));
V t91=LOAD(w,17);
t76=FMA(t91,t25,t76);
t77=FMA(t91,t26,t77);
t78=FMA(t91,t27,t78);
t79=FMA(t91,t28,t79);
t80=FMA(t91,t29,t80);
t81=FMA(t91,t30,t81);
t82=FMA(t91,t31,t82);
sum[1]=FMA(t31,t61,FMA(t30,t60,FMA(t29,t59,FMA(t28,t58,FMA(t27,t57,FMA(t26,t56,FMA(t25,t55,sum[1])))))));
V t92=LOAD(w,18);
t83=FMA(t92,t25,t83);
t84=FMA(t92,t26,t84);
t85=FMA(t92,t27,t85);
t86=FMA(t92,t28,t86);
t87=FMA(t92,t29,t87);
t88=FMA(t92,t30,t88);
t89=FMA(t92,t31,t89);
sum[2]=FMA(t31,t68,FMA(t30,t67,FMA(t29,t66,FMA(t28,t65,FMA(t27,t64,FMA(t26,t63,FMA(t25,t62,sum[2])))))));
}
V t90=t69;
V t91=t70;
V t92=t71;
V t93=t72;
V t94=t73;
V t95=t74;
V t96=t75;
t32=FMA(t15,t96,FMA(t14,t95,FMA(t13,t94,FMA(t12,t93,FMA(t11,t92,FMA(t10,t91,FMA(t9,t90,t32)))))));
t41=FMA(t0,t90,t41);
t42=FMA(t0,t91,t42);
t43=FMA(t0,t92,t43);
t44=FMA(t0,t93,t44);
t45=FMA(t0,t94,t45);
t46=FMA(t0,t95,t46);
t47=FMA(t0,t96,t47);
V t97=FNMA(K(14),t82,MUL(K(28),t80));
V t98=FNMA(K(0),t81,MUL(K(31),t79));
V t99=MUL(K(5),t78);
V t100=MUL(K(0),t77);
V t101=FMA(K(30),t78,MUL(K(14),t76));
V t102=MUL(K(0),t77);
V t103=MUL(K(29),t78);
V t104=MUL(K(32),t79);
V t105=MUL(K(29),t80);
V t106=MUL(K(0),t81);
V t107=FNMA(K(30),t78,MUL(K(14),t76));
V t108=MUL(K(0),t77);
V t109=MUL(K(5),t80);
V t110=FMA(K(0),t81,MUL(K(31),t79));
V t111=FMA(K(14),t82,MUL(K(28),t80));
t33=FMA(t8,t101,FMA(t7,t100,FMA(t6,t99,FMA(t5,t98,FMA(t4,t97,t33)))));
t36=FMA(t3,t107,FMA(t2,t102,FMA(t1,t97,t36)));
t37=FMA(t3,t108,FMA(t2,t103,FMA(t1,t98,t37)));
t38=FMA(t3,t109,FMA(t2,t104,FMA(t1,t99,t38)));
t39=FMA(t3,t110,FMA(t2,t105,FMA(t1,t100,t39)));
t40=FMA(t3,t111,FMA(t2,t106,FMA(t1,t101,t40)));
t34=FMA(t8,t106,FMA(t7,t105,FMA(t6,t104,FMA(t5,t103,FMA(t4,t102,t34)))));
t35=FMA(t8,t111,FMA(t7,t110,FMA(t6,t109,FMA(t5,t108,FMA(t4,t107,t35)))));
V t112=MUL(K(49),t87);
V t113=MUL(K(33),t86);
V t114=FMA(K(54),t89,MUL(K(1),t87));
V t115=MUL(K(33),t84);
V t116=FMA(K(1),t85,MUL(K(49),t83));
V t117=MUL(K(54),t85);
V t118=MUL(K(48),t88);
V t119=FNMA(K(48),t89,MUL(K(50),t87));
V t120=FNMA(K(50),t88,MUL(K(30),t86));
V t121=MUL(K(30),t85);
V t122=MUL(K(50),t84);
V t123=FNMA(K(50),t85,MUL(K(48),t83));
V t124=MUL(K(51),t84);
V t125=MUL(K(47),t83);
V t126=MUL(K(52),t85);
V t127=MUL(K(55),t86);
V t128=MUL(K(52),t87);
V t129=MUL(K(47),t89);
V t130=MUL(K(48),t84);
V t131=FMA(K(50),t85,MUL(K(48),t83));
V t132=MUL(K(50),t84);
V t133=MUL(K(30),t87);
V t134=FMA(K(50),t88,MUL(K(30),t86));
V t135=FMA(K(48),t89,MUL(K(50),t87));
V t136=MUL(K(48),t88);
V t137=MUL(K(49),t85);
V t138=FNMA(K(1),t85,MUL(K(49),t83));
V t139=MUL(K(33),t88);
V t140=FNMA(K(54),t89,MUL(K(1),t87));
V t141=MUL(K(33),t86);
V t142=MUL(K(49),t87);
t36=FMA(t15,t117,FMA(t13,t116,FMA(t12,t115,FMA(t11,t114,FMA(t10,t113,FMA(t9,t112,t36))))));
t41=FMA(t8,t137,FMA(t7,t130,FMA(t6,t125,FMA(t5,t118,FMA(t4,t112,t41)))));
t42=FMA(t7,t131,FMA(t5,t119,FMA(t4,t113,t42)));
t43=FMA(t8,t138,FMA(t7,t132,FMA(t6,t126,FMA(t5,t120,FMA(t4,t114,t43)))));
t44=FMA(t8,t139,FMA(t7,t133,FMA(t6,t127,FMA(t5,t121,FMA(t4,t115,t44)))));
t45=FMA(t8,t140,FMA(t7,t134,FMA(t6,t128,FMA(t5,t122,FMA(t4,t116,t45)))));
t47=FMA(t8,t142,FMA(t7,t136,FMA(t6,t129,FMA(t5,t124,FMA(t4,t117,t47)))));
t37=FMA(t15,t124,FMA(t14,t123,FMA(t13,t122,FMA(t12,t121,FMA(t11,t120,FMA(t10,t119,FMA(t9,t118,t37)))))));
t46=FMA(t8,t141,FMA(t7,t135,FMA(t5,t123,t46)));
t38=FMA(t15,t129,FMA(t13,t128,FMA(t12,t127,FMA(t11,t126,FMA(t9,t125,t38)))));
t39=FMA(t15,t136,FMA(t14,t135,FMA(t13,t134,FMA(t12,t133,FMA(t11,t132,FMA(t10,t131,FMA(t9,t130,t39)))))));
t40=FMA(t15,t142,FMA(t14,t141,FMA(t13,t140,FMA(t12,t139,FMA(t11,t138,FMA(t9,t137,t40))))));
V t143=LOAD(da,0);
V t144=ADD(t143,t32);
STORE(da,0,t144);
V t145=LOAD(da,1);
V t146=ADD(t145,t33);
STORE(da,1,t146);
V t147=LOAD(da,2);
V t148=ADD(t147,t34);
STORE(da,2,t148);
V t149=LOAD(da,3);
V t150=ADD(t149,t35);
STORE(da,3,t150);
V t151=LOAD(da,4);
V t152=ADD(t151,t36);
STORE(da,4,t152);
V t153=LOAD(da,5);
V t154=ADD(t153,t37);
STORE(da,5,t154);
V t155=LOAD(da,6);
V t156=ADD(t155,t38);
STORE(da,6,t156);
V t157=LOAD(da,7);
V t158=ADD(t157,t39);
STORE(da,7,t158);
V t159=LOAD(da,8);
V t160=ADD(t159,t40);
STORE(da,8,t160);
V t161=LOAD(da,9);
V t162=ADD(t161,t41);
STORE(da,9,t162);
V t163=LOAD(da,10);
V t164=ADD(t163,t42);
STORE(da,10,t164);
V t165=LOAD(da,11);
V t166=ADD(t165,t43);
STORE(da,11,t166);
V t167=LOAD(da,12);
V t168=ADD(t167,t44);
STORE(da,12,t168);
V t169=LOAD(da,13);
V t170=ADD(t169,t45);
STORE(da,13,t170);
V t171=LOAD(da,14);
V t172=ADD(t171,t46);
STORE(da,14,t172);
V t173=LOAD(da,15);
V t174=ADD(t173,t47);
STORE(da,15,t174);
}
};

struct Programs {
  static constexpr int lmax = 3;
  static constexpr __device__ int folded(int order) {
    return order == 1 ? 4 : order == 2 ? 19 : 68;
  }
  using Forward = lmax3::Forward;
  using Backward = List<Backward0, Backward1, Backward2, Backward3>;
};

}  // namespace lmax3

FL_DEFINE_CONTRACTION(lmax3::Programs, float)
FL_DEFINE_CONTRACTION(lmax3::Programs, double)

}  // namespace fl
