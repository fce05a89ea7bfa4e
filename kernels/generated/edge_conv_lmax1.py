"""Written by codegen/edge_conv_gpu.py; not to be edited."""

import triton
import triton.language as tl

K = tl.constexpr((
 0.5773502691896257,
))


@triton.jit
def convolve_0(h, y, w, mask, zero, ROW: tl.constexpr, sum):
 sum0,sum1,sum2,sum3,=sum
 t0=tl.load(h+0*ROW,mask,0.)
 t1=tl.load(y+0)
 # (0, 0, 0)
 t2=tl.load(w+0*ROW,mask,0.)
 t3=t0*t1
 sum0=sum0+t2*t3
 t4=tl.load(y+1)
 t5=tl.load(y+2)
 t6=tl.load(y+3)
 # (0, 1, 1)
 t7=tl.load(w+1*ROW,mask,0.)
 t8=t0*t4
 sum1=sum1+t7*t8
 t9=t0*t5
 sum2=sum2+t7*t9
 t10=t0*t6
 sum3=sum3+t7*t10
 return sum0,sum1,sum2,sum3,


@triton.jit
def gradient_0(h, y, w, dh, dy, dw, mask, zero, ROW: tl.constexpr, HARMONICS: tl.constexpr, sum):
 sum0,sum1,sum2,sum3,=sum
 t0=tl.load(h+0*ROW,mask,0.)
 t1=tl.load(y+0)
 t2=tl.load(w+0*ROW,mask,0.)
 # (0, 0, 0)
 t3=sum0*t1
 t4=t0*t3
 t5=t2*t3
 tl.store(dw+0*ROW,t4,mask)
 if HARMONICS:
  t6=t2*sum0
  t7=t0*t6
  tl.store(dy+0,tl.load(dy+0)+tl.sum(t7))
 t6=tl.load(y+1)
 t7=tl.load(y+2)
 t8=tl.load(y+3)
 t9=tl.load(w+1*ROW,mask,0.)
 # (0, 1, 1)
 t10=sum1*t6
 t11=t10+sum2*t7
 t12=t11+sum3*t8
 t13=t0*t12
 t14=t5+t9*t12
 tl.store(dw+1*ROW,t13,mask)
 if HARMONICS:
  t15=t9*sum1
  t16=t9*sum2
  t17=t9*sum3
  t18=t0*t15
  tl.store(dy+1,tl.load(dy+1)+tl.sum(t18))
  t19=t0*t16
  tl.store(dy+2,tl.load(dy+2)+tl.sum(t19))
  t20=t0*t17
  tl.store(dy+3,tl.load(dy+3)+tl.sum(t20))
 tl.store(dh+0*ROW,t14,mask)
 return sum0,sum1,sum2,sum3,


@triton.jit
def convolve_1(h, y, w, mask, zero, ROW: tl.constexpr, sum):
 sum0,sum1,sum2,sum3,=sum
 t0=tl.load(h+0*ROW,mask,0.)
 t1=tl.load(h+1*ROW,mask,0.)
 t2=tl.load(h+2*ROW,mask,0.)
 t3=tl.load(y+0)
 # (1, 0, 1)
 t4=tl.load(w+1*ROW,mask,0.)
 t5=t0*t3
 sum1=sum1+t4*t5
 t6=t1*t3
 sum2=sum2+t4*t6
 t7=t2*t3
 sum3=sum3+t4*t7
 t8=tl.load(y+1)
 t9=tl.load(y+2)
 t10=tl.load(y+3)
 # (1, 1, 0)
 t11=tl.load(w+0*ROW,mask,0.)
 t12=K[0]*t8
 t13=t0*t12
 t14=K[0]*t9
 t15=t13+t1*t14
 t16=K[0]*t10
 t17=t15+t2*t16
 sum0=sum0+t11*t17
 return sum0,sum1,sum2,sum3,


@triton.jit
def gradient_1(h, y, w, dh, dy, dw, mask, zero, ROW: tl.constexpr, HARMONICS: tl.constexpr, sum):
 sum0,sum1,sum2,sum3,=sum
 t0=tl.load(h+0*ROW,mask,0.)
 t1=tl.load(h+1*ROW,mask,0.)
 t2=tl.load(h+2*ROW,mask,0.)
 t3=tl.load(y+0)
 t4=tl.load(w+1*ROW,mask,0.)
 # (1, 0, 1)
 t5=sum1*t3
 t6=t0*t5
 t7=t4*t5
 t8=sum2*t3
 t9=t6+t1*t8
 t10=t4*t8
 t11=sum3*t3
 t12=t9+t2*t11
 t13=t4*t11
 tl.store(dw+1*ROW,t12,mask)
 if HARMONICS:
  t14=t4*sum1
  t15=t4*sum2
  t16=t4*sum3
  t17=t0*t14
  t18=t17+t1*t15
  t19=t18+t2*t16
  tl.store(dy+0,tl.load(dy+0)+tl.sum(t19))
 t14=tl.load(y+1)
 t15=tl.load(y+2)
 t16=tl.load(y+3)
 t17=tl.load(w+0*ROW,mask,0.)
 # (1, 1, 0)
 t18=K[0]*t14
 t19=sum0*t18
 t20=t0*t19
 t21=t7+t17*t19
 t22=K[0]*t15
 t23=sum0*t22
 t24=t20+t1*t23
 t25=t10+t17*t23
 t26=K[0]*t16
 t27=sum0*t26
 t28=t24+t2*t27
 t29=t13+t17*t27
 tl.store(dw+0*ROW,t28,mask)
 if HARMONICS:
  t30=t17*sum0
  t31=K[0]*t30
  t32=t0*t31
  tl.store(dy+1,tl.load(dy+1)+tl.sum(t32))
  t33=K[0]*t30
  t34=t1*t33
  tl.store(dy+2,tl.load(dy+2)+tl.sum(t34))
  t35=K[0]*t30
  t36=t2*t35
  tl.store(dy+3,tl.load(dy+3)+tl.sum(t36))
 tl.store(dh+0*ROW,t21,mask)
 tl.store(dh+1*ROW,t25,mask)
 tl.store(dh+2*ROW,t29,mask)
 return sum0,sum1,sum2,sum3,


CONVOLVE = (convolve_0, convolve_1,)


GRADIENT = (gradient_0, gradient_1,)
