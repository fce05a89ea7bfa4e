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
 t2=t0*t1
 t3=tl.load(w+0*ROW,mask,0.)
 sum0=sum0+t3*t2
 t4=tl.load(y+1)
 t5=tl.load(y+2)
 t6=tl.load(y+3)
 # (0, 1, 1)
 t7=t0*t4
 t8=t0*t5
 t9=t0*t6
 t10=tl.load(w+1*ROW,mask,0.)
 sum1=sum1+t10*t7
 sum2=sum2+t10*t8
 sum3=sum3+t10*t9
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
 t4=t0*t3
 t5=t1*t3
 t6=t2*t3
 t7=tl.load(w+1*ROW,mask,0.)
 sum1=sum1+t7*t4
 sum2=sum2+t7*t5
 sum3=sum3+t7*t6
 t8=tl.load(y+1)
 t9=tl.load(y+2)
 t10=tl.load(y+3)
 # (1, 1, 0)
 t11=t0*t8
 t12=K[0]*t11
 t13=t1*t9
 t14=t12+K[0]*t13
 t15=t2*t10
 t16=t14+K[0]*t15
 t17=tl.load(w+0*ROW,mask,0.)
 sum0=sum0+t17*t16
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
 t18=sum0*(K[0]*t14)
 t19=t0*t18
 t20=t7+t17*t18
 t21=sum0*(K[0]*t15)
 t22=t19+t1*t21
 t23=t10+t17*t21
 t24=sum0*(K[0]*t16)
 t25=t22+t2*t24
 t26=t13+t17*t24
 tl.store(dw+0*ROW,t25,mask)
 if HARMONICS:
  t27=t17*sum0
  t28=t0*(K[0]*t27)
  tl.store(dy+1,tl.load(dy+1)+tl.sum(t28))
  t29=t1*(K[0]*t27)
  tl.store(dy+2,tl.load(dy+2)+tl.sum(t29))
  t30=t2*(K[0]*t27)
  tl.store(dy+3,tl.load(dy+3)+tl.sum(t30))
 tl.store(dh+0*ROW,t20,mask)
 tl.store(dh+1*ROW,t23,mask)
 tl.store(dh+2*ROW,t26,mask)
 return sum0,sum1,sum2,sum3,


CONVOLVE = (convolve_0, convolve_1,)


GRADIENT = (gradient_0, gradient_1,)
